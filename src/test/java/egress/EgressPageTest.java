package egress;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import address.AddressRange;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import transaction.HttpUrl;

/** {@code docs/egress.md} says what the rules do. */
class EgressPageTest {

    private static final Pattern CODE = Pattern.compile("`([^`]+)`");

    private final String page;

    EgressPageTest() throws IOException {
        page = Files.readString(Path.of("docs/egress.md"));
    }

    @Test
    void eachAddressOfTheTableIsJudgedAsItSays() {
        int judged = 0;
        for (String line : page.lines().filter(each -> each.startsWith("| ")).toList()) {
            String[] cells = line.split("\\|");
            Matcher code = CODE.matcher(cells[1]);
            while (cells.length == 4 && code.find()) {
                AddressRange network = AddressRange.parse(code.group(1)).orElse(null);
                if (network == null) {
                    continue;
                }
                judged++;
                for (boolean isProduction : new boolean[] {false, true}) {
                    String told = cells[isProduction ? 3 : 2].strip();
                    var refusal = UrlTable.rules(isProduction).judge(
                        new Destination("http", "a.test", 80), network.first(), OwnPorts.NONE);
                    assertEquals(told.equals("called"), refusal.isEmpty(), line + refusal);
                    refusal.ifPresent(each -> assertEquals(told.equals("never"),
                        each.reason().endsWith("never called"), line + each));
                }
            }
        }
        assertTrue(judged >= 17, judged + " addresses");
    }

    @Test
    void theExamplesAreEntries() {
        List<String> lists = Pattern.compile("(?m)^ +(?:allow|deny): \"(.*)\"$").matcher(page)
            .results().map(each -> each.group(1)).toList();

        assertEquals(3, lists.size());
        lists.stream().flatMap(list -> Stream.of(list.split(","))).forEach(
            each -> assertTrue(EgressRules.isEntry(each), each));
    }

    @Test
    void theRulesAreThoseThatAreCounted() {
        String rules = page.substring(page.indexOf("by `rule`: "), page.indexOf(". The log names"));
        for (UrlTable.Row row : UrlTable.rows()) {
            if (row.isGrpc() || row.resolvesTo().isEmpty() || row.production().equals("yes")) {
                continue;
            }
            HttpUrl to = HttpUrl.parse(row.url());
            UrlTable.guard(true).refusal(new Destination("http", to.host(), to.port()),
                UrlTable.address(row.resolvesTo())).ifPresent(refusal ->
                    assertTrue(rules.contains("`" + refusal.rule() + "`"), refusal.rule()));
        }
        assertFalse(rules.contains("unclear"), "that is told when the url comes in");
    }
}
