package pactor.cli.operator;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Supplier;
import picocli.CommandLine;
import picocli.CommandLine.IFactory;

/** The operator's commands, each made when it is wanted, since that takes time. */
public final class OperatorCommands {

    private static final List<String> TX = List.of("list", "show", "explain", "history",
        "attempts", "export", "watch", "retry", "pause", "resume", "park", "unpark", "skip",
        "resolve", "edit", "rollback", "stop", "again");

    private static final List<String> BULK = List.of(
        "list", "start", "show", "items", "watch", "pause", "resume", "cancel");

    private static final String LIST = "list";

    private final IFactory factory;

    /**
     * Over the given environment, and the terminal of this process.
     *
     * @param environment the variables of the process
     */
    public OperatorCommands(Map<String, String> environment) {
        this(environment, Terminal.ofProcess(environment));
    }

    OperatorCommands(Map<String, String> environment, Terminal terminal) {
        IFactory usual = CommandLine.defaultFactory();
        this.factory = new IFactory() {
            @Override
            public <K> K create(Class<K> type) throws Exception {
                return type == ServerOptions.class
                    ? type.cast(new ServerOptions(environment, terminal))
                    : type == ContextOptions.class
                    ? type.cast(new ContextOptions(environment, terminal)) : usual.create(type);
            }
        };
    }

    /**
     * How to make each, by its name, in the order of the help.
     *
     * @param wanted the name of a command of such a command, the only one that is then made;
     *     anything else if all are wanted
     */
    public Map<String, Supplier<Object>> all(String wanted) {
        Map<String, Supplier<Object>> all = new LinkedHashMap<>();
        all.put("tx", () -> group("tx", "Shows transactions, and does things to them.", wanted,
            TX, TxReads.class, AttemptCommand.class, TxWatch.class, TxActions.class));
        all.put("attention", () -> single("attention"));
        all.put("overview", () -> single("overview"));
        all.put("participants", () -> group("participants",
            "Shows where something is stuck, and pauses and resumes participants.", wanted,
            List.of("list", "paused", "pause", "resume"), ParticipantCommands.class));
        all.put("topics", () -> group("topics", "Shows topics, and changes their subscribers.",
            wanted, List.of("list", "subscribe", "unsubscribe", "delete"), TopicCommands.class));
        all.put("bulk", () -> group("bulk", "Does one thing to many transactions.", wanted, BULK,
            BulkCommands.class));
        all.put("cluster", () -> single("cluster"));
        all.put("settings", () -> single("settings"));
        all.put("plan", () -> single("plan"));
        all.put("whoami", () -> single("whoami"));
        all.put("context", () -> group("context", "Shows and chooses the server that is asked.",
            wanted, List.of("list", "use"), ContextCommands.class));
        return all;
    }

    /** {@code audit list}, which stands beside commands that need the database. */
    public CommandLine auditList() {
        return new CommandLine(
            CommandLine.getCommandMethods(ServerCommands.class, "auditList").get(0), factory);
    }

    private CommandLine single(String name) {
        return new CommandLine(
            CommandLine.getCommandMethods(ServerCommands.class, name).get(0), factory);
    }

    /**
     * A command of commands, which are static methods of {@code holders}. If the first of them
     * lists, the command does so by itself; of {@code tx} that would hardly ever be meant.
     */
    private CommandLine group(String name, String description, String wanted,
            List<String> commands, Class<?>... holders) {
        CommandLine group = commands.get(0).equals(LIST) && !name.equals("tx")
            ? new CommandLine(CommandLine.getCommandMethods(holders[0], LIST).get(0), factory)
            : new CommandLine(new Group(), factory);
        group.getCommandSpec().name(name).usageMessage().description(description);
        for (String each : commands.contains(wanted) ? List.of(wanted) : commands) {
            for (Class<?> holder : holders) {
                CommandLine.getCommandMethods(holder, each).forEach(method ->
                    group.addSubcommand(each, new CommandLine(method, factory)));
            }
        }
        return group;
    }
}
