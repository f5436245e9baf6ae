package http;

/** The server's address cannot be had. The message says which and why, for the operator to read. */
public final class HttpBindException extends RuntimeException {

    private static final long serialVersionUID = 1L;

    HttpBindException(String host, int port, Throwable cause) {
        super("cannot listen on " + host + ":" + port + ": " + reason(cause), cause);
    }

    private static String reason(Throwable thrown) {
        for (Throwable each = thrown; each != null; each = each.getCause()) {
            if (each instanceof java.net.BindException) {
                String said = String.valueOf(each.getMessage());
                return said.contains("in use") ? "the port is in use by another program"
                    : said.contains("ermission") ? "the operating system does not permit it"
                    : "the address is none of this machine's (" + said + ")";
            }
            if (each instanceof java.net.UnknownHostException
                    || each instanceof java.nio.channels.UnresolvedAddressException) {
                return "the name of the host is unknown";
            }
        }
        return String.valueOf(thrown.getMessage());
    }
}
