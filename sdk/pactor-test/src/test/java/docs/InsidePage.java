package docs;

import io.pactor.client.Call;
import io.pactor.client.Outcome;
import io.pactor.client.Pactor;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Map;
import pactor.Embedded;

/** The code of docs/java.md about the coordinator inside an application. */
final class InsidePage {

    private InsidePage() {}

    static Outcome run(Path data, String stock) {
        Map<String, String> settings = Map.of("pactor.store.data-dir", data.toString());
        try (Embedded coordinator = Embedded.start(settings);
                Pactor pactor = Pactor.connect(coordinator.url())) {
            return pactor.saga("order-7").step(Call.post(stock + "/reserve", Map.of("copies", 2)))
                .submitAndWait(Duration.ofSeconds(60));
        }
    }

    static Map<String, String> database(String url, String user, String password) {
        return Map.of("pactor.store.jdbc-url", url, "pactor.store.user", user,
            "pactor.store.password", password);
    }
}
