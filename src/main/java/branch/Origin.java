package branch;

import egress.Destination;

/**
 * Whom a connection leads to, and so the unit of the bulkhead.
 *
 * @param secure whether it speaks TLS
 * @param host name or address, lower case, an IPv6 address without brackets
 * @param port 1 to 65535
 * @param isPing whether nothing but {@link Destination#PING} is asked for there: other rules hold
 *     for that, so its connections are not used for anything else
 */
record Origin(boolean secure, String host, int port, boolean isPing) {

    Origin(boolean secure, String host, int port) {
        this(secure, host, port, false);
    }

    /** As the rules of what may be called know it. */
    Destination destination() {
        return new Destination(secure ? Destination.HTTPS : Destination.HTTP, host, port,
            isPing);
    }

    /** As people write it. */
    @Override
    public String toString() {
        return (host.indexOf(':') < 0 ? host : "[" + host + "]") + ":" + port;
    }
}
