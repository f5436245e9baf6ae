package grpc;

import static org.junit.jupiter.api.Assertions.assertEquals;

import io.grpc.MethodDescriptor;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.TreeMap;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;
import wire.Dtmgimp;

/** The contract, the methods that are served and docs/protocol.md name the same. */
class GrpcPageTest {

    private static final Pattern ROW = Pattern.compile(
        "(?m)^\\| `([A-Z][A-Za-z]+)` \\| `([A-Za-z.]+)` \\| `([A-Za-z.]+)` \\|");

    @Test
    void thePageListsEveryMethodWithItsMessages() throws IOException {
        var contract = new TreeMap<String, List<String>>();
        Dtmgimp.getDescriptor().findServiceByName("Dtm").getMethods().forEach(method ->
            contract.put(method.getName(), List.of(
                shown(method.getInputType().getFullName()),
                shown(method.getOutputType().getFullName()))));

        var listed = new TreeMap<String, List<String>>();
        ROW.matcher(Files.readString(Path.of("docs/protocol.md"))).results().forEach(
            row -> listed.put(row.group(1), List.of(row.group(2), row.group(3))));

        assertEquals(contract, listed);
        assertEquals(List.copyOf(contract.keySet()),
            DtmMethods.ALL.stream().map(MethodDescriptor::getBareMethodName).sorted().toList());
    }

    private static String shown(String type) {
        return type.replace("dtmgimp.", "");
    }
}
