package branch;

import credential.Credential;
import credential.HeaderValue;
import credential.ParticipantCredentials;
import credential.Site;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import transaction.BranchCall;
import transaction.CallRecord;
import transaction.GrpcUrl;
import transaction.HttpUrl;
import transaction.InvalidRequest;
import transaction.Outcome;
import transaction.Protocol;

/**
 * The credential that goes along with one call, of which its initiator knows nothing: it cannot set
 * that header, and never sees what is in it. Immutable.
 */
final class Attached {

    /** Nothing does. */
    static final Attached NOTHING = new Attached(Optional.empty(), null);

    private static final int UNAUTHORIZED = 401;

    private final Optional<Credential> credential;
    private final HeaderValue value;

    private Attached(Optional<Credential> credential, HeaderValue value) {
        this.credential = credential;
        this.value = value;
    }

    static Attached of(Credential credential, HeaderValue value) {
        return new Attached(Optional.of(credential), value);
    }

    /** What there is for whom {@code call} goes to; of a list of hosts nobody in particular. */
    static Optional<Credential> of(
            BranchCall call, boolean isDocker, ParticipantCredentials credentials) {
        if (!credentials.hasHeaders()) {
            return Optional.empty();
        }
        String url = HttpInvoker.seenFrom(isDocker, call.url());
        try {
            if (call.protocolOfUrl() != Protocol.GRPC) {
                return credentials.of(Site.of(HttpUrl.parse(url)));
            }
            GrpcUrl read = GrpcUrl.parse(url);
            return read.kind() == GrpcUrl.Kind.DIRECT
                    ? credentials.of(Site.of(read)) : Optional.empty();
        } catch (InvalidRequest unsendable) {
            // Whoever is to send it says so, and better.
            return Optional.empty();
        }
    }

    /** The call with the header, in place of the initiator's own. */
    BranchCall to(BranchCall call) {
        if (credential.isEmpty()) {
            return call;
        }
        Map<String, String> headers = new LinkedHashMap<>(call.headers());
        headers.keySet().removeIf(credential.get().header()::equalsIgnoreCase);
        headers.put(credential.get().header(), value.reveal());
        return call.with(headers);
    }

    /** A participant that does not know who calls has said nothing about the transaction. */
    HttpInvoker.Reading over(HttpInvoker.Reading reading) {
        return credential.isEmpty() ? reading : (url, answer, mode) -> {
            if (answer.status() != UNAUTHORIZED) {
                return reading.of(url, answer, mode);
            }
            refused();
            return HttpInvoker.unknown(url, answer);
        };
    }

    /** The participant says that it does not accept it. */
    void refused() {
        credential.ifPresent(each -> each.refused(value));
    }

    /** What is told of the call, without the secret, which an answer may repeat. */
    Outcome hiddenIn(Outcome outcome) {
        return credential.isEmpty() ? outcome : new Outcome(outcome.kind(),
                value.hiddenIn(outcome.reason()), outcome.retryAfter(), outcome.callback(),
                hiddenIn(outcome.record()));
    }

    private CallRecord hiddenIn(CallRecord seen) {
        return new CallRecord(seen.statusLine(), value.hiddenIn(seen.error()),
                value.hiddenIn(seen.request()), value.hiddenIn(seen.answer()));
    }
}
