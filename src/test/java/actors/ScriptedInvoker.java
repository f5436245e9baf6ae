package actors;

import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.function.Consumer;
import transaction.BranchCall;
import transaction.BranchInvoker;
import transaction.Outcome;

/** An invoker with a memory: it keeps every call, and answers when the test says so. */
final class ScriptedInvoker implements BranchInvoker {

    /** A call that was made, and its answer to come. */
    record Made(BranchCall call, CompletableFuture<Outcome> answer) {

        String name() {
            return call.branchId() + " " + call.op();
        }
    }

    private final List<Made> made = new CopyOnWriteArrayList<>();
    private volatile Consumer<BranchCall> onCall = call -> {};

    @Override
    public CompletionStage<Outcome> invoke(BranchCall call) {
        onCall.accept(call);
        var answer = new CompletableFuture<Outcome>();
        made.add(new Made(call, answer));
        return answer;
    }

    /** Looks at each call in the moment it is made. */
    void onCall(Consumer<BranchCall> look) {
        onCall = look;
    }

    List<Made> made() {
        return made;
    }

    List<String> names() {
        return made.stream().map(Made::name).toList();
    }
}
