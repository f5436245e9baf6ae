package transaction;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.stream.Collectors;

/** Writes {@code docs/states.md} from the transitions that the tables and stories show. */
final class StatesPage {

    private static final String TOP = """
        # States

        A global transaction has one of five statuses and moves only along the arrows below.
        `succeed` and `failed` are final.

        - `resume` stands for the clock: a deadline, a delay or a back-off is over. It may come with
          any command.
        - `branchReturned` is the answer of a participant.

        The tests generate this page from the transitions in their tables and scenarios. Do not edit
        it: run `mvn test -Dtest=TransitionCoverageTest -Dstates.write=true`.

        """;

    private StatesPage() {}

    static String of(Set<Transition> seen) {
        return TOP + diagram(seen) + "\n" + moves(seen) + "\n" + stays(seen);
    }

    private static String diagram(Set<Transition> seen) {
        Map<String, Set<String>> arrows = new TreeMap<>(BY_STATUS);
        for (Transition each : seen) {
            if (each.before() != each.after() && each.mode() != null) {
                String from = each.before() == null ? "[*]" : each.before().wire();
                arrows.computeIfAbsent(from + " --> " + each.after().wire(), none ->
                    new TreeSet<>()).add(each.command());
            }
        }
        StringBuilder text = new StringBuilder("```mermaid\nstateDiagram-v2\n");
        arrows.forEach((arrow, commands) -> text.append("    ").append(arrow).append(": ")
            .append(String.join(", ", commands)).append('\n'));
        return text.append("    succeed --> [*]\n    failed --> [*]\n```\n").toString();
    }

    private static final Comparator<String> BY_STATUS = Comparator
        .comparing((String arrow) -> rank(arrow.split(" ")[0]))
        .thenComparing(arrow -> rank(arrow.split(" ")[2]));

    private static int rank(String status) {
        return Status.of(status).map(Enum::ordinal).orElse(-1);
    }

    /** A row for each way from one status to another, with the modes that have it. */
    private static String moves(Set<Transition> seen) {
        StringBuilder text = new StringBuilder("""
            ## Commands that change the status

            | from | to | command | modes |
            |---|---|---|---|
            """);
        List<String> rows = new ArrayList<>();
        seen.stream().filter(each -> each.before() != each.after())
            .collect(Collectors.groupingBy(Transition::toString, TreeMap::new,
                Collectors.toCollection(ArrayList::new)))
            .values().stream()
            .sorted(Comparator.comparing((List<Transition> each) ->
                    rank(Transition.nameOf(each.get(0).before())))
                .thenComparing(each -> rank(Transition.nameOf(each.get(0).after())))
                .thenComparing(each -> each.get(0).command()))
            .forEach(each -> rows.add("| " + Transition.nameOf(each.get(0).before()) + " | "
                + Transition.nameOf(each.get(0).after()) + " | " + each.get(0).command() + " | "
                + modes(each) + " |\n"));
        rows.forEach(text::append);
        return text.toString();
    }

    private static String stays(Set<Transition> seen) {
        StringBuilder text = new StringBuilder("""
            ## Commands that leave the status unchanged

            Such a command is refused, asks for nothing new, or more has to happen before the status
            changes.

            | status | commands |
            |---|---|
            """);
        Map<String, Set<String>> stays = new TreeMap<>(Comparator.comparing(StatesPage::rank));
        seen.stream().filter(each -> each.before() == each.after())
            .forEach(each -> stays.computeIfAbsent(Transition.nameOf(each.before()), none ->
                new TreeSet<>()).add(each.command()));
        stays.forEach((status, commands) -> text.append("| ").append(status).append(" | ")
            .append(String.join(", ", commands)).append(" |\n"));
        return text.toString();
    }

    private static String modes(List<Transition> same) {
        Set<Mode> modes = same.stream().map(Transition::mode).filter(Objects::nonNull)
            .collect(Collectors.toSet());
        return Mode.ALL.stream().filter(modes::contains).map(Mode::wire)
            .collect(Collectors.joining(", "));
    }
}
