package io.pactor.spring.contract;

import io.pactor.client.Pactor;
import io.pactor.client.Workflow;
import java.time.Duration;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import javax.sql.DataSource;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;

/** A workflow that fails once in the middle, and is had go on by the coordinator. */
@Configuration(proxyBeanMethods = false)
class Trips {

    record Trip(String guest) {}

    private final Set<String> failed = ConcurrentHashMap.newKeySet();

    @Bean
    Workflow<Trip, String> trip(Pactor pactor, DataSource dataSource) {
        return pactor.workflow("book trip", Trip.class, String.class, (wf, trip) -> {
            wf.step("save").inTransaction(dataSource, connection -> {
                try (var insert = connection.prepareStatement("insert into trip values(?)")) {
                    insert.setString(1, trip.guest());
                    insert.executeUpdate();
                }
            });
            wf.step("print").run(() -> {
                if (failed.add(trip.guest())) {
                    throw new IllegalStateException("no paper");
                }
            });
            return "ticket of " + trip.guest();
        }).retryInterval(Duration.ofSeconds(1));
    }
}
