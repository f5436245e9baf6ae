package actors;

import java.time.Duration;
import transaction.Command;
import transaction.Decision;
import transaction.GlobalTransaction;
import transaction.Live;

/**
 * When one transaction may act. In production always at once; the test mode holds it back. Used by
 * its actor alone, on one thread at a time; does not block.
 */
public interface PassGate {

    /** Never holds anything back. */
    PassGate FREE = new PassGate() {};

    /**
     * Whether what follows from {@code command} may be done now. If not, its own facts are written
     * and answered all the same; nobody is called, and the status does not move by itself.
     */
    default boolean lets(Command command, GlobalTransaction t, Live live) {
        return true;
    }

    /** When to look again after one that was not let; null if not before somebody says so. */
    default Duration again() {
        return null;
    }

    /** Hears of each decision that is acted upon, before anybody else does. */
    default void acted(Decision decision) {}

    /** The transaction has left memory. */
    default void left() {}
}
