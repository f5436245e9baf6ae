package pactor.settings;

import branch.CallRecording;
import branch.CallRecording.Bodies;

/** What is kept of calls, {@code pactor.attempts}. */
final class AttemptSettings {

    private AttemptSettings() {}

    static CallRecording read(SettingsReader from) {
        return new CallRecording(Bodies.of(from.word("attempts.bodies", Bodies.words())),
            from.list("attempts.masked-fields", "password, card_number",
                name -> !name.isBlank() && !name.contains("\"")));
    }
}
