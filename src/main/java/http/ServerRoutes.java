package http;

import static http.Route.get;

import com.fasterxml.jackson.core.JsonGenerator;
import java.io.IOException;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CompletionStage;
import java.util.stream.Stream;
import security.Caller;
import security.Permission;
import security.Scope;
import transaction.Mode;

/** What a server and its cluster are, and who the caller is to it: {@code /api/v1}. */
final class ServerRoutes {

    private final Ops ops;

    ServerRoutes(Ops ops) {
        this.ops = ops;
    }

    List<Route> routes() {
        return List.of(get(Problem.BASE + "me", Permission.KNOWN, this::me).always());
    }

    private CompletionStage<HttpAnswer> me(Route.Call call) {
        call.query().requireKnown(Set.of());
        Caller caller = call.caller();
        return Continuations.now(HttpAnswer.json(200, JsonOut.object(out -> {
            out.writeStringField("name", caller.name());
            out.writeStringField("role", caller.role().text());
            out.writeArrayFieldStart("permissions");
            for (String each : permissions(caller)) {
                out.writeString(each);
            }
            out.writeEndArray();
            if (caller.scope().isAll()) {
                out.writeNullField("scope");
            } else {
                scope(out, caller.scope());
            }
            out.writeStringField("version", ops.version().get());
            out.writeStringField("profile", ops.profile());
        })));
    }

    private static List<String> permissions(Caller caller) {
        return Stream.of(Permission.values())
            .filter(each -> each != Permission.NONE && each != Permission.KNOWN)
            .filter(caller::may).map(Permission::text).toList();
    }

    private static void scope(JsonGenerator out, Scope scope) throws IOException {
        out.writeObjectFieldStart("scope");
        out.writeArrayFieldStart("gids");
        for (String pattern : scope.gids()) {
            out.writeString(pattern);
        }
        out.writeEndArray();
        out.writeArrayFieldStart("modes");
        for (String mode : scope.modes().stream().map(Mode::wire).sorted().toList()) {
            out.writeString(mode);
        }
        out.writeEndArray();
        out.writeEndObject();
    }
}
