package io.pactor.spring.contract;

import io.pactor.client.Outcome;
import io.pactor.client.Pactor;
import io.pactor.client.participant.Refused;
import io.pactor.spring.participant.Xa;
import java.time.Duration;
import org.springframework.jdbc.core.JdbcTemplate;
import org.springframework.web.bind.annotation.PostMapping;
import org.springframework.web.bind.annotation.RequestBody;
import org.springframework.web.bind.annotation.RestController;

/** Moves money between purses, which are prepared in the database until all agree. */
@RestController
class Transfers {

    record Entry(String owner, int cents) {}

    private static final Duration PATIENCE = Duration.ofSeconds(60);

    private final Pactor pactor;
    private final Shop.Shelf self;
    private final JdbcTemplate jdbc;

    Transfers(Pactor pactor, Shop.Shelf self, JdbcTemplate jdbc) {
        this.pactor = pactor;
        this.self = self;
        this.jdbc = jdbc;
        jdbc.execute("create table purse(owner varchar(20) primary key, cents int)");
        jdbc.update("insert into purse values('ann', 100), ('bob', 100)");
    }

    Outcome move(String from, String to, int cents) {
        return pactor.xa().run(PATIENCE, tx -> {
            tx.branch(() -> self.enter(new Entry(to, cents)));
            tx.branch(() -> self.enter(new Entry(from, -cents)));
        });
    }

    @Xa
    @PostMapping("/purses/enter")
    public Entry enter(@RequestBody Entry entry) {
        int rows = jdbc.update("update purse set cents = cents + ?"
            + " where owner = ? and cents + ? >= 0", entry.cents(), entry.owner(), entry.cents());
        if (rows == 0) {
            throw new Refused("not enough in the purse of " + entry.owner());
        }
        return new Entry(entry.owner(), cents(entry.owner()));
    }

    int cents(String owner) {
        return jdbc.queryForObject("select cents from purse where owner = ?", Integer.class, owner);
    }
}
