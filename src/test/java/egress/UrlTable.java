package egress;

import address.Literal;
import java.net.InetAddress;
import java.net.UnknownHostException;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import transaction.GrpcUrl;
import transaction.HttpUrl;

/**
 * Urls that a client may give, and what becomes of them in the two profiles: {@code 400} when they
 * come in, {@code dial} if only their address shows that they may not be called, {@code yes} if
 * they may. The second column is what their name resolves to.
 */
public final class UrlTable {

    /** Where the coordinator of this table listens. */
    public static final int OWN_PORT = 36_789;

    private static final String TABLE = """
        # url                                    | resolves to            | development | production
        # An address as it should be written.
        http://8.8.8.8/                          |                        | yes  | yes
        https://8.8.8.8:8443/a?b=c               |                        | yes  | yes
        http://[2001:4860:4860::8888]/           |                        | yes  | yes
        HTTP://8.8.8.8/                          |                        | yes  | yes
        http://user:secret@8.8.8.8/              |                        | yes  | yes
        # This machine.
        http://127.0.0.1/                        |                        | yes  | 400
        http://127.0.0.1:9000/pay                |                        | yes  | 400
        https://127.1.2.3/                       |                        | yes  | 400
        http://[::1]/                            |                        | yes  | 400
        http://[0:0:0:0:0:0:0:1]:9000/           |                        | yes  | 400
        http://localhost:9000/                   | 127.0.0.1              | yes  | 400
        http://LOCALHOST:9000/                   | 127.0.0.1              | yes  | 400
        http://localhost.:9000/                  | 127.0.0.1              | yes  | 400
        http://orders.localhost:9000/            | 127.0.0.1              | yes  | 400
        http://user@localhost:9000/              | 127.0.0.1              | yes  | 400
        http://8.8.8.8@127.0.0.1:9000/           |                        | yes  | 400
        # The same in disguise.
        http://[::ffff:127.0.0.1]:9000/          |                        | yes  | 400
        http://[::ffff:7f00:1]:9000/             |                        | yes  | 400
        http://[0:0:0:0:0:ffff:127.0.0.1]:9000/  |                        | yes  | 400
        http://[64:ff9b::7f00:1]:9000/           |                        | yes  | 400
        http://[64:ff9b::127.0.0.1]:9000/        |                        | yes  | 400
        http://[64:ff9b:1::7f00:1]:9000/         |                        | yes  | 400
        http://[2002:7f00:1::]:9000/             |                        | yes  | 400
        http://[::ffff:0:7f00:1]:9000/           |                        | yes  | 400
        http://[2001:0:808:808:0:0:80ff:fffe]/   |                        | yes  | 400
        http://[2001:db8::5efe:7f00:1]:9000/     |                        | yes  | 400
        http://[2001:db8::200:5efe:7f00:1]:9000/ |                        | yes  | 400
        http://[::127.0.0.1]:9000/               |                        | 400  | 400
        http://[::7f00:1]:9000/                  |                        | 400  | 400
        http://2130706433/                       |                        | 400  | 400
        http://2130706433:9000/                  |                        | 400  | 400
        http://017700000001/                     |                        | 400  | 400
        http://0x7f000001/                       |                        | 400  | 400
        http://0X7F000001/                       |                        | 400  | 400
        http://0x7f.1/                           |                        | 400  | 400
        http://0x7f.0.0.1/                       |                        | 400  | 400
        http://0177.0.0.1/                       |                        | 400  | 400
        http://127.1/                            |                        | 400  | 400
        http://127.0.1/                          |                        | 400  | 400
        http://127.0.0.1./                       |                        | 400  | 400
        http://127.0.0.01/                       |                        | 400  | 400
        http://127.0.0.0x1/                      |                        | 400  | 400
        http://127.0.0.256/                      |                        | 400  | 400
        http://1.2.3.4.5/                        |                        | 400  | 400
        http://0/                                |                        | 400  | 400
        http://00000/                            |                        | 400  | 400
        http://0x/                               |                        | 400  | 400
        http://１２７.0.0.1:9000/                 |                        | yes  | 400
        http://１２７．０．０．１:9000/               |                        | yes  | 400
        http://127。0。0。1:9000/                  |                        | yes  | 400
        http://ⓛocalhost:9000/                   | 127.0.0.1              | yes  | 400
        # Where clouds serve the credentials of a machine.
        http://169.254.169.254/latest/meta-data/ |                        | 400  | 400
        https://169.254.169.254:443/             |                        | 400  | 400
        http://169.254.170.2/v2/credentials      |                        | 400  | 400
        http://[::ffff:169.254.169.254]/         |                        | 400  | 400
        http://[::ffff:a9fe:a9fe]/               |                        | 400  | 400
        http://[64:ff9b::a9fe:a9fe]/             |                        | 400  | 400
        http://[2002:a9fe:a9fe::]/               |                        | 400  | 400
        http://[fd00:ec2::254]/                  |                        | 400  | 400
        http://[fd20:ce::254]/                   |                        | 400  | 400
        http://[fd00:c1::a9fe:a9fe]/             |                        | 400  | 400
        http://[fd00:42::42]/                    |                        | 400  | 400
        http://[fd00:0ec2:0:0:0:0:0:0254]/       |                        | 400  | 400
        http://100.100.100.200/                  |                        | 400  | 400
        http://168.63.129.16/                    |                        | 400  | 400
        http://192.0.0.192/                      |                        | 400  | 400
        http://metadata.google.internal/         | 169.254.169.254        | 400  | 400
        http://METADATA.google.internal./        | 8.8.8.8                | 400  | 400
        http://metadata.goog/                    | 8.8.8.8                | 400  | 400
        http://metadata/computeMetadata/v1/      | 8.8.8.8                | 400  | 400
        http://instance-data.ec2.internal/       | 8.8.8.8                | 400  | 400
        http://2852039166/                       |                        | 400  | 400
        http://0xa9fea9fe/                       |                        | 400  | 400
        http://0251.0376.0251.0376/              |                        | 400  | 400
        http://169.254.43518/                    |                        | 400  | 400
        http://１６９.254.169.254/                |                        | 400  | 400
        http://x@169.254.169.254/                |                        | 400  | 400
        http://cloud.test/                       | 169.254.169.254        | dial | dial
        http://nat64.test/                       | 64:ff9b::a9fe:a9fe     | dial | dial
        http://mapped.test/                      | ::ffff:169.254.169.254 | dial | dial
        # Link-local, nobody, everybody.
        http://[fe80::1]/                        |                        | 400  | 400
        http://[febf::1]/                        |                        | 400  | 400
        http://linklocal.test/                   | fe80::1                | dial | dial
        http://0.0.0.0:9000/                     |                        | 400  | 400
        http://0.1.2.3/                          |                        | 400  | 400
        http://[::]:9000/                        |                        | 400  | 400
        http://zero.test:9000/                   | 0.0.0.0                | dial | dial
        http://224.0.0.1/                        |                        | 400  | 400
        http://239.255.255.255/                  |                        | 400  | 400
        http://[ff02::1]/                        |                        | 400  | 400
        http://240.0.0.1/                        |                        | 400  | 400
        http://255.255.255.255/                  |                        | 400  | 400
        # Private networks.
        http://10.0.0.5/                         |                        | yes  | 400
        http://172.16.0.1/                       |                        | yes  | 400
        http://172.31.255.255/                   |                        | yes  | 400
        http://172.32.0.1/                       |                        | yes  | yes
        http://192.168.1.1/                      |                        | yes  | 400
        http://100.64.0.1/                       |                        | yes  | 400
        http://198.18.0.1/                       |                        | yes  | 400
        http://[fc00::1]/                        |                        | yes  | 400
        http://[fdff::1]/                        |                        | yes  | 400
        http://[fec0::1]/                        |                        | yes  | 400
        http://[64:ff9b::10.0.0.5]/              |                        | yes  | 400
        http://[2002:a00:5::1]/                  |                        | yes  | 400
        http://inside.test/                      | 10.0.0.5               | yes  | dial
        http://here.test:9000/                   | 127.0.0.1              | yes  | dial
        http://ula.test/                         | fd12::1                | yes  | dial
        http://orders.example.com/               | 8.8.8.8                | yes  | yes
        http://bücher.example.com/               | 8.8.8.8                | yes  | yes
        http://under_score.example.com./         | 8.8.8.8                | yes  | yes
        # This coordinator.
        http://127.0.0.1:36789/forceStop         |                        | 400  | 400
        https://127.0.0.1:36789/forceStop        |                        | 400  | 400
        http://127.9.9.9:36789/forceStop         |                        | 400  | 400
        http://[::1]:36789/forceStop             |                        | 400  | 400
        http://[::ffff:127.0.0.1]:36789/         |                        | 400  | 400
        http://[64:ff9b::7f00:1]:36789/          |                        | 400  | 400
        http://localhost:36789/forceStop         | 127.0.0.1              | 400  | 400
        http://8.8.8.8@localhost:36789/          | 127.0.0.1              | 400  | 400
        http://ⓛⓞⓒⓐⓛⓗⓞⓢⓣ:36789/                   | 127.0.0.1              | 400  | 400
        http://myself.test:36789/forceStop       | 127.0.0.1              | dial | dial
        # Over gRPC.
        8.8.8.8:9000/busi.Busi/In                |                        | yes  | yes
        127.0.0.1:9000/busi.Busi/In              |                        | yes  | 400
        127.0.0.1:36789/dtmgimp.Dtm/Submit       |                        | 400  | 400
        localhost:36789/dtmgimp.Dtm/Submit       | 127.0.0.1              | 400  | 400
        dns:///localhost:36789/dtmgimp.Dtm/Abort | 127.0.0.1              | 400  | 400
        [::1]:36789/dtmgimp.Dtm/Submit           |                        | 400  | 400
        grpcs://localhost:36789/dtmgimp.Dtm/Abort | 127.0.0.1             | 400  | 400
        grpcs://8.8.8.8:9000/busi.Busi/In        |                        | yes  | yes
        169.254.169.254:80/busi.Busi/In          |                        | 400  | 400
        dns:///169.254.169.254:80/busi.Busi/In   |                        | 400  | 400
        2130706433:9000/busi.Busi/In             |                        | 400  | 400
        static:8.8.8.8:9000,127.0.0.1:36789/b.B/I |                       | 400  | 400
        static:///8.8.8.8:1,169.254.1.1:1/b.B/I  |                        | 400  | 400
        inside.test:9000/busi.Busi/In            | 10.0.0.5               | yes  | dial
        cloud.test:80/busi.Busi/In               | 169.254.169.254        | dial | dial
        myself.test:36789/dtmgimp.Dtm/Submit     | 127.0.0.1              | dial | dial
        """;

    /**
     * A row.
     *
     * @param resolvesTo empty if the url has an address, or none is asked for
     * @param development what becomes of it in that profile
     * @param production the same
     */
    public record Row(String url, String resolvesTo, String development, String production) {

        public String in(boolean isProduction) {
            return isProduction ? production : development;
        }

        public boolean isGrpc() {
            return !HttpUrl.isHttp(url);
        }

        /**
         * Whether it is one host, known without a resolver or by what the table says of it. Of a
         * list, those are dialled that may be.
         */
        public boolean isResolved() {
            List<String> hosts = isGrpc()
                ? GrpcUrl.parse(url).addresses().stream().map(each -> each.host()).toList()
                : List.of(HttpUrl.parse(url).host());
            return !resolvesTo.isEmpty()
                || hosts.size() == 1 && Literal.of(hosts.get(0)).address().isPresent();
        }

        @Override
        public String toString() {
            return url + (resolvesTo.isEmpty() ? "" : " -> " + resolvesTo);
        }
    }

    private UrlTable() {}

    public static List<Row> rows() {
        List<Row> rows = new ArrayList<>();
        for (String line : TABLE.split("\n")) {
            if (!line.startsWith("#")) {
                String[] cells = line.split("\\|");
                rows.add(new Row(cells[0].strip(), cells[1].strip(), cells[2].strip(),
                    cells[3].strip()));
            }
        }
        return rows;
    }

    /** The rules of a profile with empty lists. */
    public static EgressRules rules(boolean isProduction) {
        return EgressRules.of(isProduction, List.of(), List.of(), List.of("Metadata-Flavor"));
    }

    /** The guard of the coordinator of this table. */
    public static EgressGuard guard(boolean isProduction) {
        EgressRules rules = rules(isProduction);
        return new EgressGuard(() -> rules, new OwnPorts(Set.of(OWN_PORT)), url -> url);
    }

    /** The address that {@code text} writes. */
    public static InetAddress address(String text) {
        try {
            return InetAddress.getByName(text);
        } catch (UnknownHostException e) {
            throw new IllegalArgumentException(text, e);
        }
    }
}
