package io.pactor.test;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.util.List;
import org.junit.jupiter.api.Test;

class ScriptedParticipantTest {

    private static final HttpClient CLIENT = HttpClient.newHttpClient();

    @Test
    void it_answers_by_its_script_and_remembers_what_it_was_asked() throws Exception {
        try (ScriptedParticipant participant = ScriptedParticipant.start()) {
            participant.answers("/a", Answer.ONGOING, Answer.REFUSED);
            assertEquals(425, post(participant, "/a?gid=g&branch_id=01&op=action", "1"));
            assertEquals(409, post(participant, "/a?gid=g", "2"));
            assertEquals(409, post(participant, "/a?gid=h", "3"));
            participant.answers("/b", Answer.LOST);
            assertThrows(IOException.class, () -> post(participant, "/b?gid=g", "4"));

            assertEquals(new ScriptedParticipant.Received("g", "/a", "01", "action", "1"),
                participant.calls().get(0));
            assertEquals(List.of("/a", "/a", "/b"), participant.paths("g"));
            participant.reset();
            assertEquals(200, post(participant, "/a", ""));
            assertEquals(1, participant.calls().size());
        }
    }

    private static int post(ScriptedParticipant participant, String path, String body)
            throws Exception {
        return CLIENT.send(HttpRequest.newBuilder(URI.create(participant.url(path)))
            .POST(HttpRequest.BodyPublishers.ofString(body)).build(),
            HttpResponse.BodyHandlers.discarding()).statusCode();
    }
}
