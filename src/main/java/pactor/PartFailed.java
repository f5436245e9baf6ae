package pactor;

import org.apache.pekko.actor.CoordinatedShutdown;
import pactor.cli.ServeCommand;

/**
 * Why a server ends in order though nobody told it to. The process is ended by
 * {@link ServeCommand}, once all is closed, and not by Pekko; see {@code application.conf}.
 */
final class PartFailed implements CoordinatedShutdown.Reason {}
