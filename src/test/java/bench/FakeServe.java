package bench;

import java.io.IOException;
import java.util.List;

/** The fake coordinator as a process: {@code well --data-dir DIR}, or {@code broken}. */
public final class FakeServe {

    private FakeServe() {}

    /** Serves until the process is ended, unless it is to be broken. */
    public static void main(String[] arguments) throws IOException {
        System.out.println("starting with " + List.of(arguments));
        if (arguments[0].equals("broken")) {
            System.err.println("no room on the disk");
            System.exit(1);
        }
        var coordinator = new FakeCoordinator(FakeCoordinator.Lie.NONE, 0);
        String root = coordinator.url().replace("/api/dtmsvr", "");
        System.out.println("Fake is listening on " + root + " and grpc://"
                + coordinator.grpcAddress() + ", store in memory, durability: none");
    }
}
