package io.pactor.spring.participant;

import io.pactor.client.participant.Refused;
import java.io.IOException;
import org.springframework.jdbc.core.JdbcTemplate;
import org.springframework.transaction.annotation.Transactional;

/** A shelf of books, as a participant: takes some, and puts them back. */
class Shelf {

    /** What taking answers. */
    record Taken(String book, int left) {}

    private final JdbcTemplate jdbc;

    Shelf(JdbcTemplate jdbc) {
        this.jdbc = jdbc;
        jdbc.execute("create table if not exists shelf(book varchar(20) primary key, copies int)");
        jdbc.update("delete from shelf");
        jdbc.update("insert into shelf values('java', 10)");
    }

    @Participant
    @Transactional
    public Taken take(int copies) {
        jdbc.update("update shelf set copies = copies - ?", copies);
        int left = copies();
        if (left < 0) {
            throw new Refused("no more than " + (left + copies) + " copies");
        }
        return new Taken("java", left);
    }

    @Participant(undoes = "take")
    @Transactional
    public void putBack(int copies) {
        jdbc.update("update shelf set copies = copies + ?", copies);
    }

    /** Spring would commit what is done before a checked exception. */
    @Participant
    @Transactional
    public int takeAndFail(int copies) throws IOException {
        take(jdbc, copies);
        throw new IOException("the printer is out of paper");
    }

    @Participant
    @Transactional(noRollbackFor = Refused.class)
    public int takeAndRefuse(int copies) {
        take(jdbc, copies);
        throw new Refused("on second thoughts");
    }

    @Participant
    @Transactional
    public int count() {
        return copies();
    }

    @Participant
    @Transactional
    public String takeLarge(int copies) {
        take(jdbc, copies);
        return "x".repeat(70_000);
    }

    int copies() {
        return jdbc.queryForObject("select copies from shelf", Integer.class);
    }

    private static void take(JdbcTemplate jdbc, int copies) {
        jdbc.update("update shelf set copies = copies - ?", copies);
    }
}
