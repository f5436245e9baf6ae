package shop.stock;

import io.pactor.client.participant.Refused;
import io.pactor.spring.participant.Participant;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.transaction.annotation.Transactional;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.PathVariable;
import org.springframework.web.bind.annotation.PostMapping;
import org.springframework.web.bind.annotation.RequestBody;
import org.springframework.web.bind.annotation.RestController;

/** Reserves copies of an article for an order, and gives them back. */
@RestController
public class StockController {

    private final JdbcClient jdbc;

    StockController(JdbcClient jdbc) {
        this.jdbc = jdbc;
    }

    /** What an order takes. */
    public record Line(String article, int copies) {}

    /** How many are left of it. */
    public record Left(String article, int copies) {}

    @Participant
    @Transactional
    @PostMapping("/stock/reserve")
    public Left reserve(@RequestBody Line line) {
        int rows = jdbc.sql("update stock set copies = copies - :copies"
            + " where article = :article and copies >= :copies")
            .param("copies", line.copies()).param("article", line.article()).update();
        if (rows == 0) {
            throw new Refused("no " + line.copies() + " copies of " + line.article());
        }
        return left(line.article());
    }

    @Participant(undoes = "reserve")
    @Transactional
    @PostMapping("/stock/release")
    public void release(@RequestBody Line line) {
        jdbc.sql("update stock set copies = copies + :copies where article = :article")
            .param("copies", line.copies()).param("article", line.article()).update();
    }

    @GetMapping("/stock/{article}")
    public Left left(@PathVariable String article) {
        return new Left(article, jdbc.sql("select copies from stock where article = :article")
            .param("article", article).query(Integer.class).single());
    }
}
