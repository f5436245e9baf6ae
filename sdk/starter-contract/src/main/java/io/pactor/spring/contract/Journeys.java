package io.pactor.spring.contract;

import io.pactor.spring.participant.Participant;
import io.pactor.spring.transaction.GlobalTransaction;
import io.pactor.spring.transaction.Tcc;
import org.springframework.boot.autoconfigure.EnableAutoConfiguration;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.context.annotation.Import;
import org.springframework.core.env.Environment;
import org.springframework.jdbc.core.JdbcTemplate;
import org.springframework.stereotype.Service;
import org.springframework.transaction.annotation.Transactional;
import org.springframework.transaction.support.TransactionSynchronization;
import org.springframework.transaction.support.TransactionSynchronizationManager;
import org.springframework.web.bind.annotation.PostMapping;
import org.springframework.web.bind.annotation.RequestBody;
import org.springframework.web.bind.annotation.RestController;
import org.springframework.web.client.RestClient;
import org.springframework.web.client.support.RestClientAdapter;
import org.springframework.web.service.annotation.PostExchange;
import org.springframework.web.service.invoker.HttpServiceProxyFactory;

/** An application that books rooms for journeys: by itself, and by an agency that needs others. */
@Configuration(proxyBeanMethods = false)
@EnableAutoConfiguration
@Import({Rooms.class, Journeys.Agency.class, Journeys.Bookings.class, Journeys.Desk.class})
class Journeys {

    /** The rooms of this application, as a client of them. */
    interface Hotel {

        @Tcc(confirm = "book", cancel = "setFree")
        @PostExchange("/rooms/hold")
        Rooms.Held hold(@RequestBody Rooms.Stay stay);

        @PostExchange("/rooms/book")
        void book(@RequestBody Rooms.Stay stay);

        @PostExchange("/rooms/set-free")
        void setFree(@RequestBody Rooms.Stay stay);
    }

    /** The agency of this application, as a client of it. */
    interface Agencies {

        @Tcc(confirm = "confirm", cancel = "cancel")
        @PostExchange("/agency/order")
        String order(@RequestBody Rooms.Stay stay);

        @PostExchange("/agency/confirm")
        void confirm(@RequestBody Rooms.Stay stay);

        @PostExchange("/agency/cancel")
        void cancel(@RequestBody Rooms.Stay stay);
    }

    @Bean
    Hotel hotel(RestClient.Builder builder, Environment environment) {
        return client(builder, environment, Hotel.class);
    }

    @Bean
    Agencies agencies(RestClient.Builder builder, Environment environment) {
        return client(builder, environment, Agencies.class);
    }

    private static <T> T client(RestClient.Builder builder, Environment environment,
            Class<T> type) {
        RestClient client = builder
            .baseUrl("http://127.0.0.1:" + environment.getProperty("server.port")).build();
        return HttpServiceProxyFactory.builderFor(RestClientAdapter.create(client)).build()
            .createClient(type);
    }

    /** What begins the transactions. */
    @Service
    static class Bookings {

        private final Hotel hotel;
        private final Agencies agencies;
        private final JdbcTemplate jdbc;

        Bookings(Hotel hotel, Agencies agencies, JdbcTemplate jdbc) {
            this.hotel = hotel;
            this.agencies = agencies;
            this.jdbc = jdbc;
            jdbc.execute("create table journey(id varchar(40) primary key)");
        }

        @GlobalTransaction(timeout = 60, name = "journey")
        public int book(Rooms.Stay one, Rooms.Stay other) {
            hotel.hold(one);
            return hotel.hold(other).left();
        }

        @GlobalTransaction(gid = "'journey-' + #id")
        @Transactional
        public void bookOnce(String id, Rooms.Stay stay) {
            hotel.hold(stay);
            jdbc.update("insert into journey values(?)", id);
        }

        @GlobalTransaction
        @Transactional
        public void bookWithoutCommit(Rooms.Stay stay) {
            hotel.hold(stay);
            TransactionSynchronizationManager.registerSynchronization(
                new TransactionSynchronization() {

                    @Override
                    public void beforeCommit(boolean readOnly) {
                        throw new IllegalStateException("no commit");
                    }
                });
        }

        /** A checked exception, after which Spring alone would commit. */
        @GlobalTransaction
        @Transactional
        public void bookAndFail(String id, Rooms.Stay stay) throws Exception {
            jdbc.update("insert into journey values(?)", id);
            hotel.hold(stay);
            throw new Exception("the card was stolen");
        }

        @GlobalTransaction
        public String order(Rooms.Stay stay) {
            return agencies.order(stay);
        }

        @GlobalTransaction
        public void swallow(Rooms.Stay stay) {
            try {
                hotel.hold(stay);
            } catch (RuntimeException e) {
                // As a handler that knows better would.
            }
        }

        @Transactional
        public void local(Bookings self, Rooms.Stay stay) {
            self.book(stay, stay);
        }
    }

    /** Joins, or does not. */
    @Service
    static class Desk {

        private final Hotel hotel;

        Desk(Hotel hotel) {
            this.hotel = hotel;
        }

        @GlobalTransaction(propagation = GlobalTransaction.Propagation.MANDATORY)
        public void mandatory(Rooms.Stay stay) {
            hotel.hold(stay);
        }

        @GlobalTransaction(propagation = GlobalTransaction.Propagation.SUPPORTS)
        public void supports(Rooms.Stay stay) {
            hotel.hold(stay);
        }

        @GlobalTransaction(propagation = GlobalTransaction.Propagation.NEVER)
        public String never() {
            return "alone";
        }

        @GlobalTransaction
        public void required(Runnable body) {
            body.run();
        }
    }

    /** A participant that needs the hotel for what it is asked. */
    @RestController
    static class Agency {

        private final Desk desk;
        private final JdbcTemplate jdbc;

        Agency(Desk desk, JdbcTemplate jdbc) {
            this.desk = desk;
            this.jdbc = jdbc;
            jdbc.execute("create table ordered(guest varchar(20), state varchar(10))");
        }

        @Participant
        @Transactional
        @PostMapping("/agency/order")
        public String order(@RequestBody Rooms.Stay stay) {
            jdbc.update("insert into ordered values(?, 'open')", stay.guest());
            desk.mandatory(stay);
            return "for " + stay.guest();
        }

        @Participant
        @Transactional
        @PostMapping("/agency/confirm")
        public void confirm(@RequestBody Rooms.Stay stay) {
            jdbc.update("update ordered set state = 'done' where guest = ?", stay.guest());
        }

        @Participant(undoes = "order")
        @Transactional
        @PostMapping("/agency/cancel")
        public void cancel(@RequestBody Rooms.Stay stay) {
            jdbc.update("delete from ordered where guest = ?", stay.guest());
        }
    }
}
