package branch;

import credential.NoToken;
import credential.TokenExchange;
import credential.TokenServer;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import signature.CallSigner;
import transaction.Bytes;
import transaction.Limits;

/**
 * Asks authorization servers for tokens, over the connections of calls: with their threads, their
 * TLS and the rules of what may be called.
 */
final class TokenRequests implements TokenServer {

    private final HttpTransport transport;

    TokenRequests(HttpTransport transport) {
        this.transport = transport;
    }

    @Override
    public CompletionStage<Token> fetch(Asked asked) {
        Receipt receipt = new Receipt();
        try {
            Request plain = Request.post(Target.parse(asked.url()), TokenExchange.headers(asked),
                    Bytes.utf8(TokenExchange.body(asked)), Limits.TOKEN_FETCH, CallSigner.NONE);
            transport.send(new Request(plain.origin(), plain.wire(), plain.timeout(),
                    TokenExchange.ANSWER_BYTES), receipt);
        } catch (Unsendable e) {
            receipt.fail("the token server cannot be called: " + e.getMessage());
        }
        return receipt;
    }

    /** Turns the end of an exchange into a token. */
    private static final class Receipt extends CompletableFuture<Token>
            implements Exchange.Listener {

        @Override
        public void answered(Answer answer) {
            try {
                if (answer.isFlawed() && answer.status() == 200) {
                    fail("the token server's answer cannot be relied on: " + answer.flaw());
                } else {
                    complete(TokenExchange.read(answer.status(), answer.beginning()));
                }
            } catch (NoToken none) {
                fail(none.getMessage());
            } finally {
                // Whatever was thrown, who waits must hear of it.
                fail("the token server's answer could not be read");
            }
        }

        @Override
        public void failed(String reason) {
            fail("the token server gave no answer: " + reason);
        }

        @Override
        public void heldBack(String reason) {
            fail("the token server was not asked: " + reason);
        }

        @Override
        public void forbidden(String reason) {
            fail("the token server may not be called: " + reason);
        }

        private void fail(String reason) {
            completeExceptionally(new NoToken(reason));
        }
    }
}
