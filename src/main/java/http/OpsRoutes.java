package http;

import static http.Route.any;
import static http.Route.get;

import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import security.Permission;
import transaction.Coordinator;

/** For those who run the server: is it there, can it serve, how does it do. */
final class OpsRoutes {

    static final String PING = "/api/ping";
    static final String HEALTH = "/api/health";
    static final String METRICS = "/api/metrics";

    /** Where verifiers of signatures look (draft-meunier-webbotauth-httpsig-directory). */
    static final String CALL_KEYS = "/.well-known/http-message-signatures-directory";

    /** What load balancers and orchestrators ask. */
    static final Set<String> PROBES = Set.of(PING, HEALTH);

    /**
     * What requests may ask for beyond DTM's protocol, in the order in which it came. A client
     * looks here before it sends what another server would pass over without a word.
     */
    static final List<String> FEATURES = List.of(
        "verdict-mode", "step-options", "attributes", "park", "complete");

    static final HttpAnswer PONG =
        HttpAnswer.json(200, "{\"msg\":\"pong\"}".getBytes(StandardCharsets.UTF_8));

    private final Coordinator coordinator;
    private final Ops ops;

    OpsRoutes(Coordinator coordinator, Ops ops) {
        this.coordinator = coordinator;
        this.ops = ops;
    }

    List<Route> routes() {
        return List.of(
            get("/", Permission.KNOWN, call -> Continuations.now(root())).always(),
            any(PING, Permission.NONE, call -> Continuations.now(PONG)).always(),
            get(HEALTH, Permission.NONE, call -> Continuations.now(health(
                coordinator.notReadyBecause(), ops.durability().get(), ops.warnings().get())))
                .always(),
            get(CALL_KEYS, Permission.NONE, call -> Continuations.now(callKeys())).always(),
            get(METRICS, Permission.METRICS, call -> Continuations.now(metrics())).always(),
            get(ApiRoutes.BASE + "version", Permission.KNOWN,
                call -> Continuations.now(version())).always());
    }

    /**
     * @param trouble why nothing can be served; empty if all is well
     * @param warnings what should be known although all is well
     */
    static HttpAnswer health(
            Optional<String> trouble, String durability, List<String> warnings) {
        return HttpAnswer.json(trouble.isEmpty() ? 200 : 503, JsonOut.object(out -> {
            out.writeStringField("result", trouble.orElse("success"));
            if (trouble.isEmpty()) {
                out.writeStringField("durability", durability);
            }
            if (!warnings.isEmpty()) {
                out.writeFieldName("warnings");
                out.writeStartArray();
                for (String each : warnings) {
                    out.writeString(each);
                }
                out.writeEndArray();
            }
        }));
    }

    private HttpAnswer callKeys() {
        return ops.callKeys().get()
            .map(keys -> new HttpAnswer(200, HttpAnswer.Format.CALL_KEYS, keys, ""))
            .orElse(HttpAnswer.NO_SUCH_PAGE);
    }

    private HttpAnswer metrics() {
        return new HttpAnswer(200, HttpAnswer.Format.METRICS,
            ops.metrics().get().getBytes(StandardCharsets.UTF_8), "");
    }

    /** For whoever opens the address to see what answers there. */
    private HttpAnswer root() {
        return HttpAnswer.json(200, JsonOut.object(out -> {
            out.writeStringField("name", "Pactor, a coordinator for distributed transactions");
            out.writeStringField("version", ops.version().get());
            out.writeStringField("submit", "POST " + ApiRoutes.BASE + "submit");
            out.writeStringField("query", "GET " + ApiRoutes.BASE + "query?gid=GID");
            out.writeStringField("list", "GET " + ApiRoutes.BASE + "all");
            out.writeStringField("health", "GET " + HEALTH);
            out.writeStringField("metrics", "GET " + METRICS);
        }));
    }

    private HttpAnswer version() {
        return HttpAnswer.json(200, JsonOut.object(out -> {
            out.writeStringField("version", ops.version().get());
            out.writeArrayFieldStart("features");
            for (String feature : FEATURES) {
                out.writeString(feature);
            }
            out.writeEndArray();
        }));
    }
}
