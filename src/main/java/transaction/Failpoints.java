package transaction;

import java.util.ServiceLoader;

/**
 * Named places where a process may be made to die, so that tests can kill it just there.
 *
 * <p>The product carries no provider, so a hit is one call of an empty method. A provider is found
 * with {@link ServiceLoader}, once, when the class is loaded.
 */
public interface Failpoints {

    Failpoints ACTIVE = ServiceLoader.load(Failpoints.class).findFirst().orElse((at, gid) -> {});

    /** Control has come to {@code point} on behalf of {@code gid}. May not return. */
    void reach(String point, String gid);

    static void hit(String point, String gid) {
        ACTIVE.reach(point, gid);
    }
}
