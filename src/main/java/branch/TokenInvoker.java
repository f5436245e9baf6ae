package branch;

import java.util.LinkedHashMap;
import java.util.Map;
import java.util.concurrent.CompletionStage;
import transaction.BranchCall;
import transaction.BranchInvoker;
import transaction.CallTokens;
import transaction.Op;
import transaction.Outcome;
import transaction.Protocol;

/**
 * Gives each call over HTTP the token with which its participant may complete it later. A workflow
 * has none: its initiator ends it.
 */
public final class TokenInvoker implements BranchInvoker {

    public static final String HEADER = "Pactor-Token";

    private final BranchInvoker invoker;
    private final CallTokens tokens;

    public TokenInvoker(BranchInvoker invoker, CallTokens tokens) {
        this.invoker = invoker;
        this.tokens = tokens;
    }

    @Override
    public CompletionStage<Outcome> invoke(BranchCall call) {
        boolean takes = call.protocolOfUrl() != Protocol.GRPC && call.key().op() != Op.RESUME;
        return invoker.invoke(takes ? withToken(call) : call);
    }

    private BranchCall withToken(BranchCall call) {
        Map<String, String> headers = new LinkedHashMap<>(call.headers());
        headers.keySet().removeIf(HEADER::equalsIgnoreCase);
        headers.put(HEADER, tokens.of(call.gid(), call.key(), call.openedAt()));
        return call.with(headers);
    }
}
