package io.pactor.spring.boot3;

import io.pactor.spring.contract.StarterContract;

class Boot3StarterTest extends StarterContract {

    @Override
    protected String springBoot() {
        return "3.5.";
    }
}
