package pactor.cli;

import health.Guard;
import java.io.IOException;
import java.io.PrintWriter;
import java.net.InetSocketAddress;
import java.nio.file.AccessDeniedException;
import java.nio.file.FileSystemException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutionException;
import java.util.stream.Stream;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import pactor.Running;
import pactor.doctor.Diagnosis;
import pactor.doctor.Heap;
import pactor.settings.Effective;
import pactor.settings.Inputs;
import pactor.settings.LiveSettings;
import pactor.settings.Settings;
import pactor.settings.StartFailure;
import pactor.settings.TlsSettings;
import pactor.settings.Version;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Spec;
import store.PrivateFiles;

/**
 * {@code pactor serve}: runs a coordinator until it is told to stop (SIGTERM, SIGINT).
 *
 * <p>One line on standard output says that it serves, where, and how durable what it stores is. All
 * else goes to the log.
 */
@Command(name = "serve", mixinStandardHelpOptions = true,
    versionProvider = Main.Versions.class, description = {
    "Runs the coordinator. This is what happens without a command, too.",
    "It stops in an orderly way when it is told to (SIGTERM, Ctrl-C)."})
public final class ServeCommand implements Callable<Integer> {

    private final Inputs process;
    private final Launcher launcher;

    @Spec
    private CommandSpec spec;

    @Mixin
    private ConfigOptions options;

    /**
     * @param process the properties and the environment
     * @param launcher starts the coordinator
     */
    ServeCommand(Inputs process, Launcher launcher) {
        this.process = process;
        this.launcher = launcher;
    }

    @Override
    public Integer call() throws InterruptedException {
        Inputs inputs = options.over(process);
        Effective effective = Effective.of(inputs);
        Settings settings = effective.settings();
        // Before TLS is first used, which reads it once.
        System.setProperty("jdk.tls.rejectClientInitiatedRenegotiation", "true");
        settings.tls().check(settings.egress());
        // Before the first logger is made: the log's own configuration reads it.
        System.setProperty(Logging.PROPERTY, settings.logLevel());
        Logger log = LoggerFactory.getLogger(ServeCommand.class);
        Logging.level(settings.logLevel());
        Logging.heedAll();
        effective.warnings().forEach(line -> log.warn("{}", line));
        Diagnosis heap = Heap.look();
        if (heap.verdict() != Diagnosis.Verdict.OK) {
            log.warn("{}: {}", heap.found(), heap.advice());
        }
        if (settings.store().url().isEmpty()) {
            prepare(settings.store().dataDir());
        }
        Guard guard = Guard.start();
        Ending ending = Ending.of(spec.commandLine().getErr(), settings.drain(), guard);
        try (FatalErrors errors = FatalErrors.tell(guard);
                LiveSettings live = LiveSettings.following(inputs, effective)) {
            live.onChange(changed -> Logging.level(changed.logLevel()));
            Hangup.reload(live);
            Running running;
            try {
                running = launcher.launch(effective, live, guard);
            } catch (RuntimeException thrown) {
                ending.notLaunched();
                if (ending.hasBegun()) {
                    return Ending.TERMINATED;
                }
                log.debug("cannot start", thrown);
                Logging.flush();
                throw StartFailure.of(thrown, settings);
            }
            ending.launched(running);
            warnIfOpen(running, settings, log);
            announce(running, settings.tls());
            return awaitEnd(running, ending);
        }
    }

    private static void warnIfOpen(Running running, Settings settings, Logger log) {
        Stream.concat(Stream.of(running.address()), running.grpcAddress().stream())
            .filter(address -> !address.getAddress().isLoopbackAddress())
            .forEach(address -> {
                if (!settings.security().isRequired(settings)) {
                    log.warn("{} can be reached from other machines, and nobody has to say who"
                        + " they are; keep it inside a network you trust", address);
                } else if (!settings.security().isEncrypted(settings)) {
                    log.warn("{} can be reached from other machines, and tokens are sent in the"
                        + " clear; keep it inside a network you trust", address);
                }
            });
    }

    private void announce(Running running, TlsSettings tls) {
        PrintWriter out = spec.commandLine().getOut();
        out.println("pactor " + Version.text() + " listening on "
            + url(tls.http().isOn() ? "https" : "http", running.address())
            + running.grpcAddress().map(address ->
                " and " + url(tls.grpc().isOn() ? "grpcs" : "grpc", address)).orElse("")
            + ", storing in " + running.storing() + ", durability: " + running.durability());
        out.flush();
    }

    /** @return 1, since the process does not come here when it is told to stop from outside */
    private static int awaitEnd(Running running, Ending ending) throws InterruptedException {
        try {
            running.terminated().toCompletableFuture().get();
        } catch (ExecutionException ended) {
            ending.say(ended.getCause());
        }
        return Ending.FAILED;
    }

    private static void prepare(Path dataDir) {
        Path absolute = dataDir.toAbsolutePath().normalize();
        try {
            PrivateFiles.makeDirectory(absolute);
        } catch (AccessDeniedException denied) {
            throw unusable(absolute, "permission denied", denied);
        } catch (FileSystemException wrong) {
            // Without a reason, its message is no more than the path.
            String reason = wrong.getReason() == null ? "it cannot be created" : wrong.getReason();
            throw unusable(absolute,
                Files.exists(absolute) ? "it is not a directory" : reason, wrong);
        } catch (IOException wrong) {
            throw unusable(absolute, wrong.getMessage(), wrong);
        }
        if (!Files.isWritable(absolute)) {
            throw unusable(absolute, "permission denied", null);
        }
    }

    private static StartFailure unusable(Path dataDir, String because, Exception cause) {
        return new StartFailure(
            "the data directory " + dataDir + " cannot be used: " + because, cause);
    }

    private static String url(String scheme, InetSocketAddress address) {
        String host = address.getAddress().getHostAddress();
        return scheme + "://" + (host.contains(":") ? "[" + host + "]" : host) + ":"
            + address.getPort();
    }
}
