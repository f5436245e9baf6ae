package bench;

import credential.ToolCredentials;
import java.net.URI;
import java.net.URISyntaxException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import picocli.CommandLine.ITypeConverter;
import picocli.CommandLine.Option;
import picocli.CommandLine.TypeConversionException;

/** The options of {@link BenchCommand}, as given. */
public final class BenchOptions {

    @Option(names = {"-h", "--help"}, usageHelp = true, description = "Show this and exit.")
    boolean help;

    @Option(names = "--url", paramLabel = "BASE", converter = ApiUrl.class,
            description = "Base of the coordinator's API, such as "
                    + "http://127.0.0.1:8080/api/dtmsvr. Without it the tool starts a coordinator "
                    + "of its own.")
    URI url;

    @Option(names = "--ca", paramLabel = "FILE",
            description = "With an https --url: the certificates of those who may vouch for the "
                    + "coordinator, as PEM. Default: those that the JVM trusts")
    Path ca;

    @Option(names = "--token-file", paramLabel = "FILE",
            description = "With --url: the file with the token that the coordinator is shown.")
    Path tokenFile;

    @Option(names = "--credentials", paramLabel = "FILE",
            description = "With --url: what the coordinator is shown, by lines as in "
                    + "pactor.calls.credentials-file: a token, one of an authorization server, a "
                    + "certificate.")
    Path credentials;

    @Option(names = "--protocol", paramLabel = "http|grpc", converter = ProtocolName.class,
            defaultValue = "http", description = "What transactions are made, and their branches "
                    + "called, over. Default: ${DEFAULT-VALUE}")
    Protocol protocol;

    @Option(names = "--grpc-address", paramLabel = "HOST:PORT", converter = HostAndPort.class,
            description = "With --url and --protocol grpc: the coordinator's gRPC API. What the "
                    + "tool asks besides still goes to --url.")
    String grpcAddress;

    @Option(names = "--workload", paramLabel = "NAME", converter = WorkloadName.class,
            defaultValue = "saga", description = "saga-empty, saga, saga-rollback, tcc or msg; two "
                    + "branches each. Default: ${DEFAULT-VALUE}")
    Workload workload;

    @Option(names = "--concurrency", paramLabel = "N", defaultValue = "64",
            description = "How many transactions at a time until their submit is answered; over "
                    + "HTTP on a connection each. Default: ${DEFAULT-VALUE}")
    int concurrency;

    @Option(names = "--rate", paramLabel = "N", defaultValue = "0",
            description = "Begin so many transactions a second, whatever becomes of them, as long "
                    + "as a connection is free. What is refused is counted apart. 0: each "
                    + "connection begins one when its last was answered. Default: ${DEFAULT-VALUE}")
    int rate;

    @Option(names = "--warmup", paramLabel = "TIME", converter = Time.class, defaultValue = "60s",
            description = "Before anything is counted. Default: ${DEFAULT-VALUE}")
    Duration warmup;

    @Option(names = "--duration", paramLabel = "TIME", converter = Time.class,
            defaultValue = "30s", description = "What is counted. Default: ${DEFAULT-VALUE}")
    Duration duration;

    @Option(names = "--wait-result", paramLabel = "on|off", converter = OnOff.class,
            defaultValue = "on",
            description = "Whether a submit is answered at the end state or at once. "
                    + "Default: ${DEFAULT-VALUE}")
    Wait waitResult;

    @Option(names = "--json", paramLabel = "FILE", description = "Write the figures there too.")
    Path json;

    @Option(names = "--backlog", paramLabel = "N",
            description = "With --wait-result off: how many transactions may be unfinished at "
                    + "once. Default: 16 times the concurrency")
    Integer backlog;

    @Option(names = "--drain", paramLabel = "TIME", converter = Time.class, defaultValue = "30s",
            description = "How long to wait, after the window, for what is unfinished. "
                    + "Default: ${DEFAULT-VALUE}")
    Duration drain;

    @Option(names = "--timeout", paramLabel = "TIME", converter = Time.class,
            defaultValue = "60s", description = "How long one request may take before it is an "
                    + "error. Default: ${DEFAULT-VALUE}")
    Duration timeout;

    @Option(names = "--participant-host", paramLabel = "HOST", defaultValue = "127.0.0.1",
            description = "The address of this machine at which the coordinator can call the "
                    + "tool's participants. Default: ${DEFAULT-VALUE}")
    String participantHost;

    @Option(names = "--data-dir", paramLabel = "DIR",
            description = "Where the tool's own coordinator keeps its store. Default: a fresh "
                    + "directory for temporary files, removed afterwards")
    Path dataDir;

    /**
     * The plan for that coordinator.
     *
     * @param grpc where it serves gRPC, as {@code host:port}; empty if that is not known
     * @throws IllegalArgumentException if the options make no sense, with the reason in words
     */
    BenchPlan plan(URI coordinator, String grpc) {
        check();
        boolean isGrpc = protocol == Protocol.GRPC;
        require(!isGrpc || !grpc.isEmpty(), "The coordinator does not say where it serves gRPC");
        int unfinished = concurrency;
        boolean waits = waitResult == Wait.ON;
        if (!waits) {
            unfinished = backlog != null ? backlog : Math.min(
                    BenchPlan.BACKLOG_MAX, BenchPlan.BACKLOG_PER_CONNECTION * concurrency);
        }
        return new BenchPlan(coordinator, Optional.ofNullable(ca), shown(),
                isGrpc ? grpc : "", workload, waits, concurrency, unfinished, rate, participantHost,
                new BenchPlan.Times(warmup, duration, drain, timeout));
    }

    private ToolCredentials shown() {
        return tokenFile != null ? ToolCredentials.bearer(tokenFile)
                : credentials != null ? ToolCredentials.read(credentials) : ToolCredentials.NONE;
    }

    /** @throws IllegalArgumentException as {@link #plan} does */
    void check() {
        within("--concurrency", concurrency, 1, BenchPlan.CONCURRENCY_MAX);
        within("--rate", rate, 0, BenchPlan.RATE_MAX);
        if (backlog != null) {
            require(waitResult == Wait.OFF, "--backlog needs --wait-result off");
            within("--backlog", backlog, concurrency, BenchPlan.BACKLOG_MAX);
        }
        require(!duration.isZero(), "--duration must not be zero");
        require(!timeout.isZero(), "--timeout must not be zero");
        require(dataDir == null || url == null, "--data-dir is for the tool's own coordinator; "
                + "it cannot go with --url");
        require(ca == null || url != null && "https".equals(url.getScheme()),
                "--ca needs an https --url");
        require(tokenFile == null || url != null && credentials == null,
                "--token-file needs --url, and cannot go with --credentials");
        require(credentials == null || url != null && ca == null,
                "--credentials needs --url, and has authorities of its own in place of --ca");
        require(grpcAddress == null || protocol == Protocol.GRPC && url != null,
                "--grpc-address needs --protocol grpc and --url");
        require(grpcAddress != null || protocol != Protocol.GRPC || url == null,
                "--protocol grpc with --url needs --grpc-address");
        Path parent = json == null ? null : json.toAbsolutePath().getParent();
        require(json == null || parent != null && Files.isDirectory(parent)
                && !Files.isDirectory(json), "--json: " + json + " is not a file in a directory "
                + "that exists");
    }

    private static void within(String option, int value, int least, int most) {
        require(value >= least && value <= most,
                option + " must be from " + least + " to " + most + ", not " + value);
    }

    private static void require(boolean holds, String reason) {
        if (!holds) {
            throw new IllegalArgumentException(reason);
        }
    }

    /** Reads {@code 500ms}, {@code 60s}, {@code 2m} or {@code 60}, which are seconds. */
    public static final class Time implements ITypeConverter<Duration> {
        private static final Pattern FORM = Pattern.compile("(\\d{1,9})(ms|s|m|h|)");

        @Override
        public Duration convert(String text) {
            Matcher parts = FORM.matcher(text);
            if (!parts.matches()) {
                throw new TypeConversionException(
                        "'" + text + "' is not a time such as 500ms, 60s, 2m or 1h");
            }
            long number = Long.parseLong(parts.group(1));
            Duration time = switch (parts.group(2)) {
                case "ms" -> Duration.ofMillis(number);
                case "m" -> Duration.ofMinutes(number);
                case "h" -> Duration.ofHours(number);
                default -> Duration.ofSeconds(number);
            };
            if (time.compareTo(BenchPlan.PART_MAX) > 0) {
                throw new TypeConversionException(
                        "'" + text + "' is more than " + BenchPlan.PART_MAX.toHours() + "h");
            }
            return time;
        }
    }

    /** Reads the name of a workload. */
    static final class WorkloadName implements ITypeConverter<Workload> {
        @Override
        public Workload convert(String text) {
            try {
                return Workload.of(text);
            } catch (IllegalArgumentException e) {
                throw new TypeConversionException(e.getMessage());
            }
        }
    }

    /** What the transactions are made over. */
    enum Protocol { HTTP, GRPC }

    /** Reads {@code http} or {@code grpc}. */
    static final class ProtocolName implements ITypeConverter<Protocol> {
        @Override
        public Protocol convert(String text) {
            return switch (text) {
                case "http" -> Protocol.HTTP;
                case "grpc" -> Protocol.GRPC;
                default -> throw new TypeConversionException("'" + text + "' is not http or grpc");
            };
        }
    }

    /** Reads {@code host:port}, without a scheme. */
    static final class HostAndPort implements ITypeConverter<String> {
        @Override
        public String convert(String text) {
            if (!isOne(text)) {
                throw new TypeConversionException("'" + text + "' is not of the form HOST:PORT");
            }
            return text;
        }

        private static boolean isOne(String text) {
            try {
                URI url = new URI("grpc://" + text);
                return url.getHost() != null && url.getPort() > 0 && url.getPort() < 65_536
                        && url.getRawUserInfo() == null && url.getRawAuthority().equals(text);
            } catch (URISyntaxException notEvenThat) {
                return false;
            }
        }
    }

    /** Whether a submit waits; an enum, since the parser has ideas of its own about booleans. */
    enum Wait { ON, OFF }

    /** Reads {@code on} or {@code off}. */
    static final class OnOff implements ITypeConverter<Wait> {
        @Override
        public Wait convert(String text) {
            return switch (text) {
                case "on" -> Wait.ON;
                case "off" -> Wait.OFF;
                default -> throw new TypeConversionException("'" + text + "' is not on or off");
            };
        }
    }

    /** Reads the base of an API: HTTP or HTTPS, no query, no slash at the end. */
    static final class ApiUrl implements ITypeConverter<URI> {
        @Override
        public URI convert(String text) {
            URI url;
            try {
                url = URI.create(text.replaceAll("/+$", ""));
            } catch (IllegalArgumentException e) {
                throw new TypeConversionException("'" + text + "' is not a url");
            }
            if (!List.of("http", "https").contains(url.getScheme()) || url.getHost() == null
                    || url.getRawQuery() != null || url.getRawFragment() != null) {
                throw new TypeConversionException("'" + text + "' is not of the form "
                        + "http://HOST:PORT/api/dtmsvr");
            }
            return url;
        }
    }
}
