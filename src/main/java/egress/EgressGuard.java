package egress;

import java.net.InetAddress;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Supplier;
import java.util.function.UnaryOperator;
import transaction.BranchRegistration;
import transaction.Change;
import transaction.Command;
import transaction.GrpcUrl;
import transaction.HttpUrl;
import transaction.InvalidRequest;
import transaction.Submission;

/**
 * Decides whom this coordinator calls, by the rules now in force. What a client sends is asked
 * about once, when it comes in, and only of what its text tells; each dial asks about the address.
 * Thread-safe.
 */
public final class EgressGuard {

    /** Lets pass what the profile for development does, and knows of no own ports. */
    public static final EgressGuard DEVELOPMENT = new EgressGuard(
        () -> EgressRules.DEVELOPMENT, OwnPorts.NONE, UnaryOperator.identity());

    private final Supplier<EgressRules> rules;
    private final OwnPorts own;
    private final UnaryOperator<String> seen;

    /**
     * @param rules asked each time, since they may change
     * @param seen from the url of a client to the one that is called
     */
    public EgressGuard(
            Supplier<EgressRules> rules, OwnPorts own, UnaryOperator<String> seen) {
        this.rules = rules;
        this.own = own;
        this.seen = seen;
    }

    /** Those in force. */
    public EgressRules rules() {
        return rules.get();
    }

    /** Why {@code address} must not be dialled for {@code to}; empty if it may. */
    public Optional<Refusal> refusal(Destination to, InetAddress address) {
        return rules.get().judge(own.of(to), address, own);
    }

    /**
     * Of a command that has just come from a client.
     *
     * @throws InvalidRequest if it names somebody who is not called, or a header that nobody may
     *     have sent along
     */
    void check(Command command) {
        if (command instanceof Command.JoinBranch join) {
            check(join.registration());
        } else if (command instanceof Change change) {
            requireUrl("url", change.url());
        } else if (command.submission() != null) {
            check(command.submission());
        }
    }

    private void check(Submission asked) {
        for (int i = 0; i < asked.steps().size(); i++) {
            Submission.Step step = asked.steps().get(i);
            String what = "step " + (i + 1) + ": ";
            if (!step.isTopic()) {
                requireUrl(what + "the url to action", step.action());
            }
            requireUrl(what + "the url to compensate", step.compensate());
            requireHeaders(
                what + "action_options.headers: ", step.actionOptions().headers());
            requireHeaders(
                what + "compensate_options.headers: ", step.compensateOptions().headers());
        }
        requireUrl("query_prepared", asked.queryPrepared());
        requireHeaders("", asked.options().branchHeaders());
    }

    private void check(BranchRegistration registration) {
        for (String field : new String[] {"confirm", "cancel", "url"}) {
            requireUrl(field, registration.field(field));
        }
    }

    /** @throws InvalidRequest if nobody may be called at {@code url}, as far as its text tells */
    public void requireUrl(String what, String url) {
        for (Destination to : destinations(url)) {
            rules.get().judge(own.of(to), own).ifPresent(refusal -> {
                throw new InvalidRequest(what + " may not be called: " + refusal.reason());
            });
        }
    }

    /** None of what is no url: whoever reads those says so, and better. */
    private List<Destination> destinations(String url) {
        if (url.isEmpty()) {
            return List.of();
        }
        try {
            String called = seen.apply(url);
            if (HttpUrl.isHttp(called)) {
                HttpUrl read = HttpUrl.parse(called);
                return List.of(new Destination(
                    read.secure() ? Destination.HTTPS : Destination.HTTP, read.host(),
                    read.port(), read.path().equals(Destination.PING)));
            }
            GrpcUrl read = GrpcUrl.parse(called);
            String scheme = read.isSecure() ? Destination.GRPCS : Destination.GRPC;
            return read.addresses().stream().map(each ->
                new Destination(scheme, each.host(), each.port())).toList();
        } catch (InvalidRequest noUrl) {
            return List.of();
        }
    }

    private void requireHeaders(String what, Map<String, String> headers) {
        headers.keySet().forEach(name -> InvalidRequest.require(rules.get().allowsHeader(name),
            what + "branch header " + name + " may not be set (pactor.calls.egress.deny-headers)"));
    }
}
