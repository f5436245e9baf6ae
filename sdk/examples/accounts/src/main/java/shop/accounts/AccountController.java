package shop.accounts;

import io.pactor.client.participant.Refused;
import io.pactor.spring.participant.Participant;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.transaction.annotation.Transactional;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.PathVariable;
import org.springframework.web.bind.annotation.PostMapping;
import org.springframework.web.bind.annotation.RequestBody;
import org.springframework.web.bind.annotation.RestController;

/** Charges an account, and pays back. */
@RestController
public class AccountController {

    private final JdbcClient jdbc;

    AccountController(JdbcClient jdbc) {
        this.jdbc = jdbc;
    }

    /** What an order costs. */
    public record Charge(String account, long cents) {}

    /** What is left on an account. */
    public record Balance(String account, long cents) {}

    @Participant
    @Transactional
    @PostMapping("/accounts/charge")
    public Balance charge(@RequestBody Charge charge) {
        int rows = jdbc.sql("update account set cents = cents - :cents"
            + " where name = :name and cents >= :cents")
            .param("cents", charge.cents()).param("name", charge.account()).update();
        if (rows == 0) {
            throw new Refused("no " + charge.cents() + " cents on " + charge.account());
        }
        return balance(charge.account());
    }

    @Participant(undoes = "charge")
    @Transactional
    @PostMapping("/accounts/refund")
    public void refund(@RequestBody Charge charge) {
        jdbc.sql("update account set cents = cents + :cents where name = :name")
            .param("cents", charge.cents()).param("name", charge.account()).update();
    }

    @GetMapping("/accounts/{account}")
    public Balance balance(@PathVariable String account) {
        return new Balance(account, jdbc.sql("select cents from account where name = :name")
            .param("name", account).query(Long.class).single());
    }
}
