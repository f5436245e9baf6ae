package crash;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.UnknownHostException;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;

/**
 * Some hosts on one machine: a network namespace each, joined by a bridge whose own address is this
 * process's. Links between hosts can be cut, each direction by itself. All of it is made here and
 * taken away by {@link #close}. Needs root, {@code ip} and {@code nft}.
 */
final class Namespaces implements AutoCloseable {

    private static final String NET = "10.77." + (1 + ProcessHandle.current().pid() % 250) + ".";

    private final String name = "pt" + ProcessHandle.current().pid() % 100_000;
    private final int count;

    Namespaces(int count) {
        this.count = count;
        try {
            run("ip", "link", "add", name, "type", "bridge");
            run("ip", "addr", "add", NET + "1/24", "dev", name);
            run("ip", "link", "set", name, "up");
            for (int i = 0; i < count; i++) {
                addHost(i);
            }
        } catch (RuntimeException e) {
            close();
            throw e;
        }
    }

    /** Whether this machine lets us. */
    static boolean canBeMade() {
        String probe = "pactor-probe-" + ProcessHandle.current().pid();
        return succeeds("nft", "--version") && succeeds("ip", "netns", "add", probe)
            && succeeds("ip", "netns", "del", probe);
    }

    /** Where this process is reached by the hosts. */
    InetAddress here() {
        try {
            return InetAddress.getByName(NET + "1");
        } catch (UnknownHostException e) {
            throw new UncheckedIOException(e);
        }
    }

    String address(int host) {
        return NET + (11 + host);
    }

    /** What runs a command on that host. */
    List<String> prefix(int host) {
        return List.of("ip", "netns", "exec", name + host);
    }

    /** From now on nothing that {@code from} sends reaches {@code to}. */
    void cut(int from, int to) {
        in(from, "nft", "add rule inet pactor out ip daddr " + address(to) + " drop");
    }

    /** Between {@code one} and all other hosts nothing passes in either direction. */
    void isolate(int one) {
        for (int other = 0; other < count; other++) {
            if (other != one) {
                cut(one, other);
                cut(other, one);
            }
        }
    }

    /** All links are whole again. */
    void heal() {
        for (int i = 0; i < count; i++) {
            in(i, "nft", "flush chain inet pactor out");
        }
    }

    @Override
    public void close() {
        for (int i = 0; i < count; i++) {
            succeeds("ip", "netns", "del", name + i);
        }
        succeeds("ip", "link", "del", name);
    }

    private void addHost(int i) {
        String host = name + i;
        String cable = name + "v" + i;
        run("ip", "netns", "add", host);
        run("ip", "link", "add", cable, "type", "veth", "peer", "name", "eth0", "netns", host);
        run("ip", "link", "set", cable, "master", name, "up");
        in(i, "ip", "link set lo up");
        in(i, "ip", "addr add " + address(i) + "/24 dev eth0");
        in(i, "ip", "link set eth0 up");
        in(i, "nft", "add table inet pactor");
        in(i, "nft", "add chain inet pactor out { type filter hook output priority 0 ; }");
    }

    private void in(int host, String program, String words) {
        List<String> command = new ArrayList<>(prefix(host));
        command.add(program);
        command.addAll(List.of(words.split(" ")));
        run(command.toArray(String[]::new));
    }

    private static void run(String... command) {
        if (!succeeds(command)) {
            throw new IllegalStateException(String.join(" ", command) + " failed");
        }
    }

    private static boolean succeeds(String... command) {
        try {
            Process process = new ProcessBuilder(command).redirectErrorStream(true)
                .redirectOutput(ProcessBuilder.Redirect.DISCARD).start();
            return process.waitFor(10, TimeUnit.SECONDS) && process.exitValue() == 0;
        } catch (IOException e) {
            return false;
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return false;
        }
    }
}
