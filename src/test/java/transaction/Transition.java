package transaction;

/**
 * A status before, what happened, and the status after; absent is a null status.
 *
 * @param mode the mode of the transaction once it exists; null if it stays absent
 */
public record Transition(Mode mode, Status before, String command, Status after) {

    static Transition of(GlobalTransaction before, Command command, GlobalTransaction after) {
        return new Transition(after.isAbsent() ? null : after.mode(), before.status(),
            nameOf(command), after.status());
    }

    /** The name of a command, the way people write it. */
    public static String nameOf(Command command) {
        String name = command.getClass().getSimpleName();
        return Character.toLowerCase(name.charAt(0)) + name.substring(1);
    }

    public static String nameOf(Status status) {
        return status == null ? "absent" : status.wire();
    }

    @Override
    public String toString() {
        return nameOf(before) + " " + command + " " + nameOf(after);
    }
}
