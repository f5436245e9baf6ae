package io.pactor.spring.contract;

import io.pactor.client.Pactor;
import io.pactor.client.participant.BranchCall;
import io.pactor.spring.message.TransactionalMessages;
import io.pactor.spring.participant.Barriers;
import io.pactor.spring.participant.Participant;
import java.time.Duration;
import javax.sql.DataSource;
import org.springframework.jdbc.core.JdbcTemplate;
import org.springframework.transaction.annotation.Transactional;
import org.springframework.web.bind.annotation.PostMapping;
import org.springframework.web.bind.annotation.RequestBody;
import org.springframework.web.bind.annotation.RestController;

/** Pays in one transaction, and has the payment booked by a message. */
@RestController
class Payments {

    record Booking(String id) {}

    private final Pactor pactor;
    private final Shop.Shelf self;
    private final TransactionalMessages messages;
    private final Barriers barriers;
    private final DataSource dataSource;
    private final JdbcTemplate jdbc;

    Payments(Pactor pactor, Shop.Shelf self, TransactionalMessages messages, Barriers barriers,
            DataSource dataSource, JdbcTemplate jdbc) {
        this.pactor = pactor;
        this.self = self;
        this.messages = messages;
        this.barriers = barriers;
        this.dataSource = dataSource;
        this.jdbc = jdbc;
        jdbc.execute("create table payment(id varchar(40) primary key)");
        jdbc.execute("create table booking(id varchar(40) primary key)");
    }

    @Transactional
    public void pay(String id, boolean fails) {
        jdbc.update("insert into payment values(?)", id);
        messages.send(pactor.message(id).to(() -> self.book(new Booking(id)))
            .checkBackAfter(Duration.ofSeconds(1)));
        if (fails) {
            throw new IllegalStateException("the card was stolen");
        }
    }

    /** As if the process died between the commit and the submit. */
    @Transactional
    public void payAndDie(String id, String checkBack) {
        jdbc.update("insert into payment values(?)", id);
        pactor.message(id).to(() -> self.book(new Booking(id))).checkBackAt(checkBack)
            .checkBackAfter(Duration.ofSeconds(1)).prepare();
        barriers.of(dataSource).enter(BranchCall.message(id));
    }

    @Participant
    @Transactional
    @PostMapping("/book")
    public void book(@RequestBody Booking booking) {
        jdbc.update("insert into booking values(?)", booking.id());
    }

    boolean isPaid(String id) {
        return has("payment", id);
    }

    boolean isBooked(String id) {
        return has("booking", id);
    }

    private boolean has(String table, String id) {
        return jdbc.queryForObject("select count(*) from " + table + " where id = ?", Integer.class,
            id) == 1;
    }
}
