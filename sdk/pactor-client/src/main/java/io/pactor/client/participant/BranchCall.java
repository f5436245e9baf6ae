package io.pactor.client.participant;

import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.function.Function;

/**
 * Which operation of which branch of which global transaction a participant is called for. Its four
 * values ride on the call: as query parameters over HTTP, as metadata over gRPC.
 *
 * <p>{@code gid}, {@code branchId} and {@code op} together identify the operation: two calls that
 * agree in them are the same call, made again. They are compared exactly, as characters.
 *
 * @param gid the global transaction; 1 to {@link #GID_MAX} characters
 * @param mode the wire's {@code trans_type}: {@code saga}, {@code tcc}, {@code xa}, {@code msg} or
 *     {@code workflow}; 1 to {@link #MODE_MAX} characters
 * @param branchId the branch; 1 to {@link #BRANCH_ID_MAX} characters
 * @param op the operation, such as {@code action} or {@code compensate}; 1 to {@link #OP_MAX}
 *     characters
 */
public record BranchCall(String gid, String mode, String branchId, String op) {

    /** As many characters as the barrier's column takes; DTM's coordinator has the same bound. */
    public static final int GID_MAX = 128;

    /** As many characters as the barrier's column takes. */
    public static final int MODE_MAX = 45;

    /** As many characters as the barrier's column takes. */
    public static final int BRANCH_ID_MAX = 128;

    /** As many characters as the barrier's column takes. */
    public static final int OP_MAX = 45;

    private static final String GID = "gid";
    private static final String MODE = "trans_type";
    private static final String BRANCH_ID = "branch_id";
    private static final String OP = "op";

    /**
     * Checks the values.
     *
     * @throws IllegalArgumentException if one is blank or too long; the message names it
     */
    public BranchCall {
        check(GID, gid, GID_MAX);
        check(MODE, mode, MODE_MAX);
        check(BRANCH_ID, branchId, BRANCH_ID_MAX);
        check(OP, op, OP_MAX);
    }

    /**
     * Reads the call that a request bears.
     *
     * @param parameters gives the value of a request's parameter by its name ({@code gid},
     *     {@code trans_type}, {@code branch_id}, {@code op}), or null if the request has none
     * @return empty if the request has none of the four: it does not come from a coordinator
     * @throws IllegalArgumentException if it has only some of them, or one is blank or too long
     */
    public static Optional<BranchCall> from(Function<String, String> parameters) {
        List<String> missing = new ArrayList<>();
        List<String> values = new ArrayList<>();
        for (String name : List.of(GID, MODE, BRANCH_ID, OP)) {
            String value = parameters.apply(name);
            values.add(value);
            if (value == null) {
                missing.add(name);
            }
        }
        if (missing.size() == values.size()) {
            return Optional.empty();
        }
        if (!missing.isEmpty()) {
            throw new IllegalArgumentException("The call of a branch lacks " + missing
                + ": it needs gid, trans_type, branch_id and op");
        }
        return Optional.of(
            new BranchCall(values.get(0), values.get(1), values.get(2), values.get(3)));
    }

    /**
     * The local transaction of a two-phase message's initiator, which the message bears witness to:
     * branch {@code 00}, operation {@code msg}.
     */
    public static BranchCall message(String gid) {
        return new BranchCall(gid, "msg", "00", "msg");
    }

    /** Whether it undoes another operation of its branch: compensate, cancel or rollback. */
    public boolean isUndo() {
        return undone().isPresent();
    }

    /**
     * The operation that this one undoes: {@code action} or {@code try}; empty if it undoes none.
     */
    Optional<String> undone() {
        return switch (op) {
            case "compensate", "rollback" -> Optional.of("action");
            case "cancel" -> Optional.of("try");
            default -> Optional.empty();
        };
    }

    BranchCall withOp(String other) {
        return new BranchCall(gid, mode, branchId, other);
    }

    /** For people: "action of branch 01 in order-7 (saga)". */
    @Override
    public String toString() {
        return op + " of branch " + branchId + " in " + gid + " (" + mode + ")";
    }

    private static void check(String name, String value, int charactersMax) {
        if (Objects.requireNonNull(value, name).isBlank()) {
            throw new IllegalArgumentException(name + " is blank");
        }
        if (value.length() > charactersMax) {
            throw new IllegalArgumentException(name + " has " + value.length()
                + " characters; at most " + charactersMax + " are allowed");
        }
    }
}
