package demo;

import java.io.IOException;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Help.Ansi;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Spec;

/**
 * {@code pactor demo}: one transaction of each mode, one that is rolled back, and one whose
 * coordinator is killed, with real participants. Takes less than 40 seconds, needs nothing but a
 * temporary directory and the loopback address, and leaves nothing behind.
 *
 * <p>Exit code 0 means that every transaction ended as it should and that no cent was lost; 1 that
 * something did not, and the last lines say what. Colours appear only on a terminal, and not if
 * {@code NO_COLOR} is set.
 */
@Command(name = "demo", mixinStandardHelpOptions = true,
        description = "Shows five modes, a rollback and a kill -9, with three small banks.")
public final class DemoCommand implements Callable<Integer> {

    @Spec
    private CommandSpec spec;

    /** Runs the demo; called by picocli on its own thread and blocking until the end. */
    @Override
    public Integer call() throws IOException, InterruptedException {
        Screen screen = new Screen(spec.commandLine().getOut(), Ansi.AUTO.enabled());
        try (Demo demo = new Demo(screen)) {
            return demo.run() ? 0 : 1;
        }
    }
}
