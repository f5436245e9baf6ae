package egress;

import address.AddressRange;
import address.Literal;
import java.net.InetAddress;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.BiPredicate;

/**
 * The settings of what may be called, and the judgement by them. Immutable.
 *
 * <p>In this order: what is never called; what is denied; this coordinator's own ports; then, if
 * anything is allowed by name or address, that alone, else whatever the profile lets pass.
 */
public final class EgressRules {

    /** Anybody but what is never called, as in the profile for development. */
    public static final EgressRules DEVELOPMENT =
        new EgressRules(false, List.of(), List.of(), Set.of());

    /** Under these names clouds serve the credentials of a machine. */
    private static final Set<String> METADATA_NAMES = Set.of("metadata.google.internal",
        "metadata.goog", "metadata.azure.internal", "metadata.tencentyun.com",
        "metadata.oraclecloud.com", "instance-data", "instance-data.ec2.internal", "metadata");

    private static final String KEY = "pactor.calls.egress";

    private final boolean isProduction;
    private final List<EgressRule> allow;
    private final List<EgressRule> deny;
    private final Set<String> deniedHeaders;

    private EgressRules(boolean isProduction, List<EgressRule> allow, List<EgressRule> deny,
            Set<String> deniedHeaders) {
        this.isProduction = isProduction;
        this.allow = allow;
        this.deny = deny;
        this.deniedHeaders = deniedHeaders;
    }

    /**
     * @param isProduction whether this machine and private networks are called only if they are
     *     allowed
     * @param allow entries that are called; if there is none, all that the profile lets pass
     * @param deny entries that are not called, though they may be allowed
     * @param deniedHeaders what no client may have sent along, in whatever case
     * @throws IllegalArgumentException if an entry cannot be read
     */
    public static EgressRules of(boolean isProduction, List<String> allow, List<String> deny,
            List<String> deniedHeaders) {
        Set<String> headers = new TreeSet<>();
        deniedHeaders.forEach(each -> headers.add(each.toLowerCase(Locale.ROOT)));
        return new EgressRules(isProduction, entries(allow), entries(deny), headers);
    }

    /** Whether {@code text} can stand in a list. */
    public static boolean isEntry(String text) {
        return EgressRule.parse(text).isPresent();
    }

    private static List<EgressRule> entries(List<String> all) {
        List<EgressRule> entries = new ArrayList<>();
        for (String each : all) {
            entries.add(EgressRule.parse(each).orElseThrow(
                () -> new IllegalArgumentException("no entry of a list: " + each)));
        }
        return List.copyOf(entries);
    }

    /** Whether a client may have that header sent along. */
    public boolean allowsHeader(String name) {
        return !deniedHeaders.contains(name.toLowerCase(Locale.ROOT));
    }

    /**
     * What is wrong with calling {@code to} at {@code address}, which is the one that is dialled;
     * empty if nothing is.
     *
     * @param isOwn whether this coordinator itself listens there
     */
    public Optional<Refusal> judge(
            Destination to, InetAddress address, BiPredicate<InetAddress, Integer> isOwn) {
        List<InetAddress> faces = AddressKind.faces(address);
        String what = what(to, address);
        if (isMetadataName(to)) {
            return refused("metadata", what + " is a name of a cloud's metadata service,"
                + " which is never called");
        }
        AddressKind worst = AddressKind.PUBLIC;
        for (InetAddress face : faces) {
            AddressKind kind = AddressKind.of(face);
            if (kind.isNeverCalled()) {
                return refused(kind == AddressKind.METADATA ? "metadata" : kind.text(),
                    what + " is " + kind.text() + ", which is never called");
            }
            worst = kind.compareTo(worst) > 0 ? kind : worst;
        }
        Optional<EgressRule> denied =
            deny.stream().filter(each -> each.means(to, faces)).findFirst();
        if (denied.isPresent()) {
            return denied(what, denied.get());
        }
        List<EgressRule> allowing = allow.stream().filter(each -> each.means(to, faces)).toList();
        if (!to.isPing() && faces.stream().anyMatch(face -> isOwn.test(face, to.port()))
                && allowing.stream().noneMatch(EgressRule::isExact)) {
            return refused("own-port", what + " is a port of this coordinator; only an entry of "
                + KEY + ".allow with that address and port allows it");
        }
        if (!allow.isEmpty() && allowing.isEmpty()) {
            return refused("allow", what + " is not in " + KEY + ".allow");
        }
        return isProduction ? closed(worst, what, allowing) : Optional.empty();
    }

    /** What is wrong with the name alone; the address may be refused all the same, later. */
    Optional<Refusal> judge(Destination to, BiPredicate<InetAddress, Integer> isOwn) {
        Literal literal = Literal.of(to.host());
        if (literal.address().isPresent()) {
            return judge(to, literal.address().get(), isOwn);
        }
        if (!literal.isName()) {
            return refused("unclear", to.host() + " is neither a name nor an address in its usual"
                + " form, such as 192.0.2.1 or 2001:db8::1");
        }
        if (isMetadataName(to)) {
            return judge(to, InetAddress.getLoopbackAddress(), isOwn);
        }
        String name = to.name();
        if (name.equals("localhost") || name.endsWith(".localhost")) {
            // Whatever a resolver says, it means this machine (RFC 6761): one of these is dialled.
            return judge(to, AddressRange.of("127.0.0.1").first(), isOwn)
                .filter(four -> judge(to, AddressRange.of("::1").first(), isOwn).isPresent());
        }
        Optional<EgressRule> denied = deny.stream().filter(each -> each.names(to)).findFirst();
        if (denied.isPresent()) {
            return denied(to.host() + ":" + to.port(), denied.get());
        }
        boolean mayBeAllowed = allow.isEmpty() || allow.stream()
            .anyMatch(each -> each.names(to) || each.isNetwork() && each.fits(to));
        return mayBeAllowed ? Optional.empty() : refused("allow",
            to.host() + ":" + to.port() + " is not in " + KEY + ".allow");
    }

    /** In production, this machine is allowed by its address only, and no private one by a star. */
    private static Optional<Refusal> closed(
            AddressKind kind, String what, List<EgressRule> allowing) {
        if (kind == AddressKind.LOOPBACK && allowing.stream().noneMatch(EgressRule::isNetwork)) {
            return refused("loopback", what + " is this machine, which pactor.profile = production"
                + " allows only if " + KEY + ".allow has the address");
        }
        if (kind == AddressKind.PRIVATE && allowing.stream().noneMatch(EgressRule::isExplicit)) {
            return refused("private", what + " is private, which pactor.profile = production"
                + " allows only if " + KEY + ".allow has the network or the name");
        }
        return Optional.empty();
    }

    private static boolean isMetadataName(Destination to) {
        return METADATA_NAMES.contains(to.name());
    }

    private static Optional<Refusal> denied(String what, EgressRule entry) {
        return refused("deny", what + " is refused by " + entry.text() + " in " + KEY + ".deny");
    }

    private static Optional<Refusal> refused(String rule, String reason) {
        return Optional.of(new Refusal(rule, reason));
    }

    private static String what(Destination to, InetAddress address) {
        String dialled = address.getHostAddress();
        boolean isName = Literal.of(to.host()).address().isEmpty();
        String port = dialled.indexOf(':') < 0 ? dialled + ":" + to.port()
            : "[" + dialled + "]:" + to.port();
        return isName ? port + " (" + to.host() + ")" : port;
    }

    @Override
    public boolean equals(Object other) {
        return other == this || other instanceof EgressRules that
            && isProduction == that.isProduction && allow.equals(that.allow)
            && deny.equals(that.deny) && deniedHeaders.equals(that.deniedHeaders);
    }

    @Override
    public int hashCode() {
        return allow.hashCode() * 31 + deny.hashCode();
    }
}
