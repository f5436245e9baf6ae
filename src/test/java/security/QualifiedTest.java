package security;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import java.lang.reflect.RecordComponent;
import java.time.Instant;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import transaction.BranchRegistration;
import transaction.Bytes;
import transaction.CallKey;
import transaction.Command;
import transaction.Mode;
import transaction.Op;
import transaction.Outcome;
import transaction.Submission;

/** Each thing that can be said is said of the id, and of nothing else than it was said of. */
class QualifiedTest {

    private static final Submission ASKED = Submission.bare("g", Mode.TCC);
    private static final CallKey KEY = new CallKey("01", Op.ACTION);

    static Stream<Class<?>> said() {
        return Arrays.stream(Command.class.getPermittedSubclasses()).filter(type ->
            type != Command.Resume.class && type != Command.BranchReturned.class);
    }

    @ParameterizedTest
    @MethodSource("said")
    void allThatItSaysStaysButTheGid(Class<?> type) throws ReflectiveOperationException {
        Command command = (Command) made(type);
        Command own = Qualified.in("orders", command);

        assertEquals(type, own.getClass());
        assertEquals(command, Qualified.in("default", command));
        int changed = 0;
        for (RecordComponent each : type.getRecordComponents()) {
            Object before = each.getAccessor().invoke(command);
            Object after = each.getAccessor().invoke(own);
            if (!before.equals(after)) {
                changed++;
                assertEquals("orders\tg", after instanceof Submission asked ? asked.gid()
                    : after instanceof BranchRegistration joining ? joining.gid() : after);
            }
        }
        assertEquals(1, changed);
    }

    @Test
    void whatTheCoordinatorSaysToItselfIsNotTaken() {
        assertThrows(IllegalArgumentException.class,
            () -> Qualified.in("orders", new Command.Resume()));
        assertThrows(IllegalArgumentException.class, () -> Qualified.in(
            "orders", new Command.BranchReturned(KEY, Outcome.SUCCESS)));
    }

    private static Object made(Class<?> type) throws ReflectiveOperationException {
        RecordComponent[] parts = type.getRecordComponents();
        Object[] values = Arrays.stream(parts).map(QualifiedTest::value).toArray();
        return type.getDeclaredConstructor(Arrays.stream(parts).map(RecordComponent::getType)
            .toArray(Class<?>[]::new)).newInstance(values);
    }

    private static Object value(RecordComponent part) {
        Class<?> type = part.getType();
        if (part.getName().equals("gid")) {
            return "g";
        }
        Map<Class<?>, Object> known = Map.of(String.class, part.getName(), boolean.class, true,
            int.class, 7, Submission.class, ASKED, CallKey.class, KEY, Instant.class,
            Instant.EPOCH, Optional.class, Optional.empty(), BranchRegistration.class,
            new BranchRegistration("g", Mode.TCC, "01", Map.of("a", "b"), Bytes.utf8("x")));
        return type.isEnum() ? List.of(type.getEnumConstants()).get(1) : known.get(type);
    }
}
