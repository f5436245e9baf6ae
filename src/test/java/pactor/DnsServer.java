package pactor;

import java.io.ByteArrayOutputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.DatagramPacket;
import java.net.DatagramSocket;
import java.net.InetAddress;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;

/**
 * A name server on a free port of 127.0.0.1 that knows a few names: their addresses (A) and, where
 * a name was given a port, services (SRV) at those addresses. It remembers what was asked. RFC
 * 1035, 4.1; RFC 2782.
 */
final class DnsServer implements AutoCloseable {

    private static final int A = 1;
    private static final int SRV = 33;
    private static final int HEADER = 12;
    private static final int NO_SUCH_NAME = 3;

    private final DatagramSocket socket;
    private final Map<String, Service> names;
    private final Map<String, Integer> asked = new ConcurrentHashMap<>();

    /** @param port of the service; 0 for a name that has addresses only */
    record Service(List<String> addresses, int port) {}

    DnsServer(Map<String, Service> names) throws IOException {
        this.names = names;
        this.socket = new DatagramSocket(0, InetAddress.getByName("127.0.0.1"));
        Thread thread = new Thread(this::serve, "dns");
        thread.setDaemon(true);
        thread.start();
    }

    int port() {
        return socket.getLocalPort();
    }

    /** How often each name was asked for, as {@code TYPE name}. */
    Map<String, Integer> asked() {
        return Map.copyOf(asked);
    }

    @Override
    public void close() {
        socket.close();
    }

    private void serve() {
        byte[] room = new byte[512];
        while (!socket.isClosed()) {
            DatagramPacket packet = new DatagramPacket(room, room.length);
            try {
                socket.receive(packet);
                byte[] answer = answer(ByteBuffer.wrap(room, 0, packet.getLength()));
                socket.send(new DatagramPacket(answer, answer.length, packet.getSocketAddress()));
            } catch (IOException e) {
                if (!socket.isClosed()) {
                    throw new UncheckedIOException(e);
                }
            }
        }
    }

    private byte[] answer(ByteBuffer query) throws IOException {
        int id = query.getShort(0);
        query.position(HEADER);
        StringBuilder name = new StringBuilder();
        for (int length = query.get(); length > 0; length = query.get()) {
            byte[] label = new byte[length];
            query.get(label);
            name.append(name.isEmpty() ? "" : ".")
                .append(new String(label, StandardCharsets.US_ASCII));
        }
        int type = query.getShort();
        query.getShort();
        byte[] question = new byte[query.position() - HEADER];
        query.position(HEADER).get(question);
        asked.merge((type == SRV ? "SRV " : type == A ? "A " : type + " ") + name, 1, Integer::sum);

        Service known = names.get(name.toString());
        boolean has = known != null && type == (known.port == 0 ? A : SRV);
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        DataOutputStream out = new DataOutputStream(bytes);
        out.writeShort(id);
        out.writeShort(0x8180 | (known == null ? NO_SUCH_NAME : 0));
        out.writeShort(1);
        out.writeShort(has ? known.addresses.size() : 0);
        out.writeInt(0);
        out.write(question);
        for (String address : has ? known.addresses : List.<String>of()) {
            out.writeShort(0xC000 | HEADER); // The name that was asked for.
            out.writeShort(type);
            out.writeShort(1);
            out.writeInt(1); // Seconds that it may be kept.
            byte[] data = type == A
                ? InetAddress.getByName(address).getAddress() : service(address, known.port);
            out.writeShort(data.length);
            out.write(data);
        }
        return bytes.toByteArray();
    }

    /** Priority, weight, port and the name of the host, which is its address here. */
    private static byte[] service(String host, int port) throws IOException {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        DataOutputStream out = new DataOutputStream(bytes);
        out.writeInt(0);
        out.writeShort(port);
        for (String label : host.split("\\.")) {
            out.writeByte(label.length());
            out.writeBytes(label);
        }
        out.writeByte(0);
        return bytes.toByteArray();
    }
}
