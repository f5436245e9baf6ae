package pactor.cli.operator;

import java.util.List;
import java.util.stream.Collectors;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** {@code pactor topics}: to whom two-phase messages go. */
final class TopicCommands {

    private static final String DTM = "/api/dtmsvr/";

    private TopicCommands() {}

    @Command(name = "list", description = "Shows topics and their subscribers.")
    static int list(@Mixin PageOptions pages, @Mixin ServerOptions server) {
        return pages.print(server, "/api/v1/topics", Query::new, page -> {
            Table table = new Table("TOPIC", "SUBSCRIBERS", "URLS");
            for (Json each : page.elements("items")) {
                List<Json> subscribers = each.elements("subscribers");
                table.row(each.text("topic"), subscribers.size(), subscribers.stream()
                    .map(one -> one.text("url")).collect(Collectors.joining(" ")));
            }
            return table;
        });
    }

    @Command(name = "subscribe", description = "Has messages of a topic go to a url.")
    static int subscribe(@Parameters(paramLabel = "TOPIC") String topic,
            @Parameters(paramLabel = "URL") String url,
            @Option(names = "--remark", paramLabel = "TEXT", description = "For people.")
                String remark,
            @Mixin ServerOptions server) {
        return done(server, server.api().get(DTM + "subscribe",
            new Query().add("topic", topic).add("url", url).add("remark", remark)),
            topic + " goes to " + url);
    }

    @Command(name = "unsubscribe", description = "Has no more messages of a topic go to a url.")
    static int unsubscribe(@Parameters(paramLabel = "TOPIC") String topic,
            @Parameters(paramLabel = "URL") String url, @Mixin ServerOptions server) {
        return done(server, server.api().get(DTM + "unsubscribe",
            new Query().add("topic", topic).add("url", url)), topic + " no more goes to " + url);
    }

    @Command(name = "delete", description = "Deletes a topic with its subscribers.")
    static int delete(@Parameters(paramLabel = "TOPIC") String topic,
            @Mixin TxActions.Sure sure, @Mixin ServerOptions server) {
        return server.confirmed(sure.is(), "Delete the topic " + topic + "?")
            ? done(server, server.api().delete(DTM + "topic/" + Query.encoded(topic)),
                topic + " is deleted") : Failure.REFUSED;
    }

    private static int done(ServerOptions server, String body, String text) {
        if (server.isJson()) {
            server.raw(body);
        } else {
            server.lines(List.of(Views.text(text)));
        }
        return 0;
    }
}
