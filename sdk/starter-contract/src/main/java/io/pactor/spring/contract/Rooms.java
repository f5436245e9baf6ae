package io.pactor.spring.contract;

import io.pactor.client.participant.Refused;
import io.pactor.spring.participant.Participant;
import org.springframework.jdbc.core.JdbcTemplate;
import org.springframework.transaction.annotation.Transactional;
import org.springframework.web.bind.annotation.PostMapping;
import org.springframework.web.bind.annotation.RequestBody;
import org.springframework.web.bind.annotation.RestController;

/** Rooms that are held, then booked or set free: try, confirm, cancel. */
@RestController
class Rooms {

    record Stay(String guest, int rooms) {}

    record Held(int left) {}

    private final JdbcTemplate jdbc;

    Rooms(JdbcTemplate jdbc) {
        this.jdbc = jdbc;
        jdbc.execute("create table room(state varchar(10) primary key, number int)");
        jdbc.update("insert into room values('free', 5), ('held', 0), ('booked', 0)");
    }

    @Participant
    @Transactional
    @PostMapping("/rooms/hold")
    public Held hold(@RequestBody Stay stay) {
        move("free", "held", stay.rooms());
        if (number("free") < 0) {
            throw new Refused("no room for " + stay.guest());
        }
        return new Held(number("free"));
    }

    @Participant
    @Transactional
    @PostMapping("/rooms/book")
    public void book(@RequestBody Stay stay) {
        move("held", "booked", stay.rooms());
    }

    @Participant(undoes = "hold")
    @Transactional
    @PostMapping("/rooms/set-free")
    public void setFree(@RequestBody Stay stay) {
        move("held", "free", stay.rooms());
    }

    int number(String state) {
        return jdbc.queryForObject("select number from room where state = ?", Integer.class, state);
    }

    private void move(String from, String to, int rooms) {
        jdbc.update("update room set number = number - ? where state = ?", rooms, from);
        jdbc.update("update room set number = number + ? where state = ?", rooms, to);
    }
}
