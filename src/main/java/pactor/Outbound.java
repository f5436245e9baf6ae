package pactor;

import branch.HeldCalls;
import branch.Invokers;
import branch.TokenInvoker;
import egress.EgressGuard;
import health.Guard;
import java.util.function.BooleanSupplier;
import java.util.function.Supplier;
import meter.Meter;
import org.apache.pekko.actor.typed.ActorSystem;
import pactor.settings.Settings;
import transaction.BranchInvoker;
import transaction.CallTokens;
import transaction.Holds;

/**
 * What makes calls to participants.
 *
 * @param guard says whom they may go to
 * @param keys sign them
 */
record Outbound(Invokers invokers, EgressGuard guard, CallKeys keys) {

    /** @param isSure asked right before each call leaves */
    static Outbound open(ActorSystem<?> system, Supplier<Settings> settings, Host host,
            BooleanSupplier isSure, Meter meter, Guard parts, Opened opened) {
        Settings first = settings.get();
        Shown shown = opened.add(Shown.open(first), Shown::close);
        CallKeys keys = opened.add(CallKeys.open(first, parts), CallKeys::close);
        EgressGuard guard = CallGuard.of(system, settings, host);
        return new Outbound(opened.add(Invokers.create(first.calls(), guard, shown.all(),
            shown.each(), keys.signer(), isSure, parts, meter), Invokers::close), guard, keys);
    }

    /** What the transactions make their calls by. */
    BranchInvoker invoker(Host host, CallTokens tokens, Holds holds) {
        return new HeldCalls(new TokenInvoker(host.calls().apply(invokers), tokens), holds);
    }
}
