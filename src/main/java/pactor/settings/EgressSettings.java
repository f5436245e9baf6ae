package pactor.settings;

import egress.EgressGuard;
import egress.EgressRules;
import egress.OwnPorts;
import java.util.List;
import java.util.function.UnaryOperator;
import transaction.Headers;
import transaction.InvalidRequest;

/** Reads who may be called: the keys below {@code pactor.calls.egress}. */
final class EgressSettings {

    private static final String HOOK = "alert.web-hook";

    private EgressSettings() {}

    static EgressRules read(SettingsReader from, boolean isProduction) {
        List<String> allow = from.list("calls.egress.allow",
            "\"*.example.com:443, 10.0.0.0/8:8000-8999, http://[fd00::/8]\"",
            EgressRules::isEntry);
        List<String> deny = from.list("calls.egress.deny",
            "\"http://*, *.example.com, 10.0.0.0/8, *:22\"", EgressRules::isEntry);
        List<String> headers = from.list("calls.egress.deny-headers",
            "\"Metadata-Flavor, X-Secret\"", EgressSettings::isHeader);
        return EgressRules.of(isProduction, allow, deny, headers);
    }

    /** A webhook that is never called is a mistake that shows when it is too late. */
    static void check(Settings s, SettingsReader at) {
        try {
            require(s.egress(), HOOK, s.alert().webHook().reveal());
        } catch (InvalidRequest refused) {
            at.refuseIf(true, HOOK, "may not be called (pactor.calls.egress, pactor.profile)");
        }
    }

    /** @throws InvalidRequest if nobody may be called at {@code url}, as far as its text tells */
    static void require(EgressRules rules, String what, String url) {
        new EgressGuard(() -> rules, OwnPorts.NONE, UnaryOperator.identity())
            .requireUrl(what, url);
    }

    private static boolean isHeader(String name) {
        try {
            Headers.requireHttp(name, "");
            return true;
        } catch (InvalidRequest wrong) {
            return false;
        }
    }
}
