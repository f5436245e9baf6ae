package bench;

import java.util.Map;
import java.util.function.Function;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/** What a branch call asks of the tool's participants; the path of its url says which. */
enum CallKind {
    ACTION_1("/action/1"),
    ACTION_2("/action/2"),
    /** The second action of a saga that is to be rolled back: it answers 409. */
    REFUSE_2("/refuse/2"),
    COMPENSATE_1("/compensate/1"),
    COMPENSATE_2("/compensate/2"),
    TRY_1("/try/1"),
    TRY_2("/try/2"),
    CONFIRM_1("/confirm/1"),
    CONFIRM_2("/confirm/2"),
    CANCEL_1("/cancel/1"),
    CANCEL_2("/cancel/2"),
    /** "Did your local transaction commit?" Yes, always. */
    CHECK("/check");

    private static final Map<String, CallKind> BY_PATH =
            Stream.of(values()).collect(Collectors.toMap(CallKind::path, Function.identity()));
    private static final Map<String, CallKind> BY_METHOD =
            Stream.of(values()).collect(Collectors.toMap(CallKind::method, Function.identity()));

    private final String path;

    CallKind(String path) {
        this.path = path;
    }

    /** Its path at participants that are called over HTTP. */
    String path() {
        return path;
    }

    /** Its method at participants that are called over gRPC, such as {@code Action1}. */
    String method() {
        return Character.toUpperCase(path.charAt(1)) + path.substring(2).replace("/", "");
    }

    /** Its place in a set of acts; below {@link SlotBoard#ACT_BITS} bits. */
    int bit() {
        return 1 << ordinal();
    }

    boolean isRefused() {
        return this == REFUSE_2;
    }

    /** The act at that path, or null: null because this is asked for each call. */
    static CallKind at(String path) {
        return BY_PATH.get(path);
    }

    /** The act with that method, or null. */
    static CallKind of(String method) {
        return BY_METHOD.get(method);
    }
}
