package pactor.cli;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonGenerator;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.io.UncheckedIOException;
import java.time.Clock;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.atomic.AtomicReference;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import pactor.doctor.Bounded;
import pactor.doctor.CertificateDoctor;
import pactor.doctor.DatabaseDoctor;
import pactor.doctor.Diagnosis;
import pactor.doctor.Diagnosis.Verdict;
import pactor.doctor.DiskDoctor;
import pactor.doctor.DoctorBounds;
import pactor.doctor.Heap;
import pactor.doctor.IssuerDoctor;
import pactor.doctor.PortDoctor;
import pactor.settings.BadConfiguration;
import pactor.settings.Effective;
import pactor.settings.Inputs;
import pactor.settings.Settings;
import pactor.settings.Version;
import picocli.CommandLine.Command;
import picocli.CommandLine.ExitCode;
import picocli.CommandLine.Help.Ansi;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;
import store.Inspection;

/** {@code pactor doctor}: looks at all that {@code serve} depends on, and says what to do. */
@Command(name = "doctor", mixinStandardHelpOptions = true,
    versionProvider = Main.Versions.class, description = {
    "Looks at configuration, memory, database, clock, schema, disk and ports as serve would,",
    "and says what to do. Changes nothing. Exit code 0 if all is well or there are warnings",
    "alone, 1 if something failed, 78 for a bad configuration."})
final class DoctorCommand implements Callable<Integer> {

    private static final String CONFIGURATION = "configuration";

    private final Inputs process;

    @Spec
    private CommandSpec spec;

    @Mixin
    private ConfigOptions options;

    @Option(names = "--json", description = "Prints one JSON object instead of lines.")
    private boolean json;

    /** @param process the properties and the environment */
    DoctorCommand(Inputs process) {
        this.process = process;
    }

    @Override
    public Integer call() {
        // A check that was given up may still want to say something.
        List<Diagnosis> found = Collections.synchronizedList(new ArrayList<>());
        int code = examine(found);
        List<Diagnosis> all;
        synchronized (found) {
            all = List.copyOf(found);
        }
        PrintWriter out = spec.commandLine().getOut();
        if (json) {
            out.println(json(all));
        } else {
            all.forEach(each -> out.println(coloured(each)));
            out.println(summary(all));
        }
        out.flush();
        return code != ExitCode.OK || worst(all) != Verdict.FAIL ? code : ExitCode.SOFTWARE;
    }

    /** @return the exit code, as far as the configuration says */
    private int examine(List<Diagnosis> found) {
        Effective effective;
        try {
            effective = Effective.of(options.over(process));
        } catch (BadConfiguration bad) {
            bad.problems().forEach(line -> found.add(Diagnosis.fail(CONFIGURATION, line,
                "mend it; nothing else was looked at")));
            return Main.BAD_CONFIGURATION;
        }
        Settings settings = effective.settings();
        System.setProperty(Logging.PROPERTY, settings.logLevel());
        effective.warnings().forEach(line -> found.add(Diagnosis.warn(CONFIGURATION, line,
            "take it out, or see docs/configuration.md")));
        if (effective.warnings().isEmpty()) {
            found.add(Diagnosis.ok(CONFIGURATION, "it can be used"));
        }
        found.add(Heap.advise());
        new CertificateDoctor(Clock.systemUTC(), found::add).look(settings.tls());
        IssuerDoctor.look(settings.security().oidc()).ifPresent(found::add);
        DatabaseDoctor database = new DatabaseDoctor(settings, found::add);
        if (!Bounded.run(DoctorBounds.DATABASE_WITHIN, database::run)) {
            found.add(Diagnosis.fail("database", "no answer within "
                + DoctorBounds.DATABASE_WITHIN.toSeconds() + " s",
                "see why it hangs: locks, disk, network"));
        }
        Inspection.file(settings.store().withoutKeys()).ifPresent(file -> {
            AtomicReference<Diagnosis> disk = new AtomicReference<>(Diagnosis.fail("disk",
                "no answer within " + DoctorBounds.DISK_WITHIN.toSeconds() + " s",
                "see that disk"));
            Bounded.run(DoctorBounds.DISK_WITHIN,
                () -> disk.set(DiskDoctor.look(file.getParent())));
            found.add(disk.get());
        });
        new PortDoctor(database.inUse(), found::add).look(settings, database.living());
        return ExitCode.OK;
    }

    /** On a terminal the verdict has a colour; picocli heeds NO_COLOR. */
    private static String coloured(Diagnosis each) {
        String word = each.verdict().word();
        String style = switch (each.verdict()) {
            case OK -> "green";
            case WARN -> "yellow";
            case FAIL -> "bold,red";
        };
        return Ansi.AUTO.string("@|" + style + " " + word + "|@")
            + each.line().substring(word.length());
    }

    private static String summary(List<Diagnosis> all) {
        return all.size() + " checks: " + Stream.of(Verdict.values())
            .map(verdict -> all.stream().filter(each -> each.verdict() == verdict).count() + " "
                + verdict.word())
            .collect(Collectors.joining(", "));
    }

    private static Verdict worst(List<Diagnosis> all) {
        return all.stream().map(Diagnosis::verdict).max(Verdict::compareTo).orElse(Verdict.OK);
    }

    private static String json(List<Diagnosis> all) {
        StringWriter text = new StringWriter();
        try (JsonGenerator out = new JsonFactory().createGenerator(text)) {
            out.writeStartObject();
            out.writeStringField("version", Version.text());
            out.writeStringField("verdict", worst(all).word());
            out.writeArrayFieldStart("checks");
            for (Diagnosis each : all) {
                out.writeStartObject();
                out.writeStringField("check", each.check());
                out.writeStringField("verdict", each.verdict().word());
                out.writeStringField("found", each.found());
                out.writeStringField("advice", each.advice());
                out.writeEndObject();
            }
            out.writeEndArray();
            out.writeEndObject();
        } catch (IOException impossible) {
            throw new UncheckedIOException(impossible);
        }
        return text.toString();
    }
}
