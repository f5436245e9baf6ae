package io.pactor.spring.contract;

import io.pactor.client.participant.Refused;
import io.pactor.spring.participant.Participant;
import org.springframework.boot.autoconfigure.EnableAutoConfiguration;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.context.annotation.Import;
import org.springframework.core.env.Environment;
import org.springframework.jdbc.core.JdbcTemplate;
import org.springframework.transaction.annotation.Transactional;
import org.springframework.web.bind.annotation.PathVariable;
import org.springframework.web.bind.annotation.PostMapping;
import org.springframework.web.bind.annotation.RequestBody;
import org.springframework.web.bind.annotation.RestController;
import org.springframework.web.client.RestClient;
import org.springframework.web.client.support.RestClientAdapter;
import org.springframework.web.service.annotation.PostExchange;
import org.springframework.web.service.invoker.HttpServiceProxyFactory;

/** An application that sells books to itself. */
@Configuration(proxyBeanMethods = false)
@EnableAutoConfiguration
@Import({Shop.Shelves.class, Payments.class, Rooms.class, Transfers.class, Trips.class})
class Shop {

    record Line(String article, int copies) {}

    record Left(int copies) {}

    /** The application's own endpoints, as a client of them. */
    interface Shelf {

        @PostExchange("/take")
        Left take(@RequestBody Line line);

        @PostExchange("/put-back")
        void putBack(@RequestBody Line line);

        @PostExchange("/close/{article}")
        void close(@PathVariable String article);

        @PostExchange("/book")
        void book(@RequestBody Payments.Booking booking);

        @PostExchange("/purses/enter")
        Transfers.Entry enter(@RequestBody Transfers.Entry entry);

        @PostExchange("/rooms/hold")
        Rooms.Held hold(@RequestBody Rooms.Stay stay);

        @PostExchange("/rooms/book")
        void bookRooms(@RequestBody Rooms.Stay stay);

        @PostExchange("/rooms/set-free")
        void setFree(@RequestBody Rooms.Stay stay);
    }

    /** With the builder of the application, as the customizers have made it. */
    @Bean
    Shelf shelf(RestClient.Builder builder, Environment environment) {
        RestClient client = builder
            .baseUrl("http://127.0.0.1:" + environment.getProperty("server.port")).build();
        return HttpServiceProxyFactory.builderFor(RestClientAdapter.create(client)).build()
            .createClient(Shelf.class);
    }

    /** Some shelves. */
    @RestController
    static class Shelves {

        private final JdbcTemplate jdbc;

        Shelves(JdbcTemplate jdbc) {
            this.jdbc = jdbc;
            jdbc.execute("create table shelf(article varchar(20) primary key, copies int)");
            jdbc.update("insert into shelf values('java', 10)");
        }

        @Participant
        @Transactional
        @PostMapping("/take")
        public Left take(@RequestBody Line line) {
            jdbc.update("update shelf set copies = copies - ? where article = ?", line.copies(),
                line.article());
            if (copies(line.article()) < 0) {
                throw new Refused("sold out");
            }
            return new Left(copies(line.article()));
        }

        @Participant(undoes = "take")
        @Transactional
        @PostMapping("/put-back")
        public void putBack(@RequestBody Line line) {
            jdbc.update("update shelf set copies = copies + ? where article = ?", line.copies(),
                line.article());
        }

        @Participant
        @Transactional
        @PostMapping("/close/{article}")
        public void close(@PathVariable String article) {
            jdbc.update("update shelf set copies = 0 where article = ?", article);
        }

        int copies(String article) {
            return jdbc.queryForObject("select copies from shelf where article = ?", Integer.class,
                article);
        }
    }
}
