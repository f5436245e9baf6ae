package io.pactor.spring.boot41;

import io.pactor.spring.contract.StarterContract;

class Boot41StarterTest extends StarterContract {

    @Override
    protected String springBoot() {
        return "4.1.";
    }
}
