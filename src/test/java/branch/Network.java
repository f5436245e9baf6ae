package branch;

import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.SocketTimeoutException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletionStage;
import transaction.BranchInvoker;
import transaction.BranchResolver;
import transaction.Outcome;

/** Participants, transports and dead ends for one test; closes them all, the last one first. */
final class Network implements AutoCloseable {

    private final List<AutoCloseable> open = new ArrayList<>();

    @Override
    public void close() throws Exception {
        for (int i = open.size() - 1; i >= 0; i--) {
            open.get(i).close();
        }
    }

    BadParticipant participant() {
        return opened(BadParticipant.start());
    }

    HttpTransport transport(CallSettings settings) {
        return opened(Calls.transport(settings));
    }

    BranchInvoker invoker(CallSettings settings) {
        return new HttpInvoker(transport(settings));
    }

    BranchInvoker invoker(CallSettings settings, AddressLookup.Names names) {
        return new HttpInvoker(opened(Calls.transport(settings, names)));
    }

    /** Over threads that are stopped after it. */
    GrpcTransport grpc(HttpTransport shared, BranchResolver resolver) {
        GrpcTransport transport = new GrpcTransport(shared, resolver);
        opened(() -> {
            transport.close();
            shared.close();
        });
        return transport;
    }

    <T extends AutoCloseable> T opened(T closeable) {
        open.add(closeable);
        return closeable;
    }

    /** Somewhere on this machine where nobody listens. */
    static String refusingUrl() throws Exception {
        try (ServerSocket socket = new ServerSocket(0, 1, InetAddress.getByName("127.0.0.1"))) {
            return "http://127.0.0.1:" + socket.getLocalPort() + "/";
        }
    }

    /** A server whose queue of connections is full: further attempts get no reply at all. */
    String unreachableUrl() throws Exception {
        ServerSocket server = opened(new ServerSocket(0, 1, InetAddress.getByName("127.0.0.1")));
        for (int i = 0; i < 4; i++) {
            Socket socket = opened(new Socket());
            try {
                socket.connect(new InetSocketAddress("127.0.0.1", server.getLocalPort()), 50);
            } catch (SocketTimeoutException e) {
                break;
            }
        }
        return "http://127.0.0.1:" + server.getLocalPort() + "/";
    }

    /** So many calls at once. */
    static List<CompletionStage<Outcome>> calls(
            BranchInvoker invoker, String url, int number, Duration timeout) {
        List<CompletionStage<Outcome>> calls = new ArrayList<>();
        for (int i = 0; i < number; i++) {
            calls.add(invoker.invoke(Calls.action(url, timeout)));
        }
        return calls;
    }

    /** One call, waited for. */
    static Outcome call(BranchInvoker invoker, String url) {
        return Calls.outcome(invoker.invoke(Calls.action(url)));
    }
}
