package actors;

import java.time.Clock;
import java.time.Duration;
import java.util.function.BiFunction;
import java.util.function.Supplier;
import java.util.function.UnaryOperator;
import org.apache.pekko.actor.typed.ActorRef;
import transaction.Alerts;
import transaction.Attempts;
import transaction.BranchInvoker;
import transaction.CallTokens;
import transaction.Policy;
import transaction.TransactionIndex;

/**
 * What a transaction needs from the world around it.
 *
 * @param clock tells the time
 * @param policy the settings now in force
 * @param invoker calls participants
 * @param tokens what participants show that complete a call
 * @param attempts keeps what calls brought that nothing follows from
 * @param index hears of a history that cannot be trusted
 * @param alerts hears of branches that keep failing
 * @param watch sees what is done
 * @param paces from a gid and its actor to when it may act
 * @param idle how long to stay in memory with nothing to do
 * @param journalPluginId the journal to write to
 * @param persistenceId from a gid to the journal's key
 */
public record TransactionContext(
        Clock clock,
        Supplier<Policy> policy,
        BranchInvoker invoker,
        CallTokens tokens,
        Attempts attempts,
        TransactionIndex index,
        Alerts alerts,
        TransactionListener watch,
        BiFunction<String, ActorRef<TransactionActor.Message>, PassGate> paces,
        Duration idle,
        String journalPluginId,
        UnaryOperator<String> persistenceId) {}
