package branch;

import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import transaction.BranchCall;
import transaction.BranchInvoker;
import transaction.Holds;
import transaction.Outcome;

/** Puts off calls to participants that operators have nobody call at present. */
public final class HeldCalls implements BranchInvoker {

    private final BranchInvoker invoker;
    private final Holds holds;

    public HeldCalls(BranchInvoker invoker, Holds holds) {
        this.invoker = invoker;
        this.holds = holds;
    }

    @Override
    public CompletionStage<Outcome> invoke(BranchCall call) {
        return holds.of(call.url()).handle((hold, unread) -> {
            if (unread != null) {
                return CompletableFuture.completedFuture(
                    Outcome.putOff("it cannot be read whether the participant is paused"));
            }
            return hold.isPresent()
                ? CompletableFuture.completedFuture(Outcome.putOff(hold.get().text()))
                : invoker.invoke(call);
        }).thenCompose(made -> made);
    }
}
