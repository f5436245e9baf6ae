package io.pactor.spring.boot;

import io.pactor.spring.participant.BarrierSettings;
import java.time.Duration;
import java.util.List;
import org.springframework.boot.context.properties.ConfigurationProperties;
import org.springframework.boot.context.properties.bind.DefaultValue;

/**
 * The properties {@code pactor.*}.
 *
 * @param url            where coordinators are, as in {@code http://pactor:8080}; several are tried
 *                       in turn
 * @param connectTimeout how long a connection to a coordinator may take; 2 s by default
 * @param requestTimeout how long one coordinator may take to answer, until the next one is tried;
 *                       10 s by default
 * @param timeout        how long a call that names no time of its own may take, repeats included;
 *                       30 s by default
 * @param participant    of the methods that the coordinator calls
 */
@ConfigurationProperties("pactor")
public record PactorProperties(
        @DefaultValue("http://127.0.0.1:8080") List<String> url,
        Duration connectTimeout,
        Duration requestTimeout,
        Duration timeout,
        @DefaultValue Participant participant) {

    /**
     * Of the methods that the coordinator calls.
     *
     * @param baseUrl          where the coordinator reaches this application, as in
     *                         {@code http://orders:8080}; needed for messages and workflows
     * @param table            the barrier's table; replies are in the one beside it, named with
     *                         {@code _reply}
     * @param initializeSchema when the application makes both at its start: never, in an embedded
     *                         database only, or always
     */
    public record Participant(
            @DefaultValue("") String baseUrl,
            @DefaultValue(BarrierSettings.DEFAULT_TABLE) String table,
            @DefaultValue("embedded") BarrierSettings.SchemaMode initializeSchema) {}
}
