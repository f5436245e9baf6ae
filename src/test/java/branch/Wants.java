package branch;

import java.net.InetAddress;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLServerSocket;
import javax.net.ssl.SSLSession;
import javax.net.ssl.SSLSocket;
import tls.Credentials;
import tls.PemFiles;

/** Participants that let nobody in without a certificate. */
final class Wants {

    private Wants() {}

    /** One that answers only who shows a certificate of {@code pem} with that name. */
    static BadParticipant certificate(PemFiles pem, String name) throws Exception {
        SSLContext context = Credentials.read(pem.issue("localhost")).forServer();
        SSLServerSocket socket = (SSLServerSocket) context.getServerSocketFactory()
            .createServerSocket(0, 50, InetAddress.getByName("127.0.0.1"));
        socket.setNeedClientAuth(true);
        return BadParticipant.over(socket).on("/a", visit -> {
            SSLSession session = ((SSLSocket) visit.socket).getSession();
            visit.send(session.getPeerPrincipal().getName().equals("CN=" + name)
                ? BadParticipant.OK : BadParticipant.answer(403, ""));
        });
    }
}
