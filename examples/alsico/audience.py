"""Who uses the web shop and reads the newsletter: accounts, baskets, orders, subscriptions, consents."""

from __future__ import annotations

from examples.alsico.dice import DAYS, NAMES, Dice, Row


class Audience(Dice):
    """The part of the generator that fills the newsletter tool and web shop."""

    def __init__(self, seed: int) -> None:
        super().__init__(seed)
        self.consents: list[Row] = []
        """Records of consent: kind, value, purpose, channel, at, how, notice, language."""

    def account_of(
        self, name: str, email: str, mobile: str | None, language: str, number: str | None, kind: str, day: int
    ) -> int:
        account = self.key("web_account")
        first, _, last = name.partition(" ")
        closed = self.below(day) if account > 1 and self.chance(0.1) else None
        self.put("web_account", account, email, f"$argon2id${self.below(16**8):08x}", first, last, mobile, kind, number,
                 language, "open" if closed is None else "closed", self.moment(day),
                 None if closed is None else DAYS[closed])  # fmt: skip
        ip = f"192.0.2.{1 + self.below(250)}"
        self.put("login_attempt", self.key("login_attempt"), email.lower(), ip, True, self.moment(self.below(day)))
        if self.chance(0.3):
            self.put(
                "page_view", self.key("page_view"), account, "/nl/lasvest", "Mozilla/5.0", self.moment(self.below(day))
            )
        if account == 1 or self.chance(0.2):
            basket, at, bare = self.key("basket"), self.moment(self.below(min(day, 90))), self.chance(0.3)
            self.put("basket", basket, None if bare else account, email.lower() if bare else None, at, at)
            self.put("basket_line", basket, 1, "AHT-004", "L", 1 + self.below(5))
        for _ in range(self.below(3)):
            order = self.key("shop_order")
            self.put("shop_order", order, account, name, None, self.moment(self.below(day)), 15 + self.below(400), None)
            self.put("shop_order_line", order, 1, "AHT-007", "M", 1 + self.below(4))
        if account == 1 or self.chance(0.5):
            self.put(
                "topic_score", account, self.one(NAMES["product"]), 1 + self.below(100), self.moment(self.below(day))
            )
        if self.chance(0.1):
            self.put(
                "survey_answer",
                self.key("survey_answer"),
                email,
                1 + self.below(10),
                None,
                self.moment(self.below(day)),
            )
        return account

    def subscription(
        self, first: str, last: str, email: str, mobile: str | None, language: str, account: int | None, day: int,
        act: str | None,
    ) -> None:  # fmt: skip
        subscriber, active = self.key("subscriber"), self.below(min(day, 1500))
        at = self.moment(day)
        origin = "import" if day > 3000 else "form"
        self.put(
            "subscriber", subscriber, email, first, last, mobile, language, origin, account, at, DAYS[active]
        )  # fmt: skip
        for campaign in range(1, 1 + self.below(4)):
            delivery = self.key("delivery")
            self.put("delivery", delivery, campaign, subscriber, f"{DAYS[30 + campaign * 90]} 10:00:00", "sent")
            if self.chance(0.4):
                kind, ip = self.one(["open", "click"]), f"192.0.2.{1 + self.below(250)}"
                later = f"{DAYS[29 + campaign * 90]} 19:00:00"
                self.put("opening", self.key("opening"), delivery, kind, None, ip, "Mozilla/5.0", later)
        luck = self.dice.random()
        act = act or (
            "click" if luck < 0.78 else "pre-ticked" if luck < 0.86 else "continued-use" if luck < 0.9 else None
        )
        if act is not None:
            notice = "notice-2026" if DAYS[day] >= "2026-01-15" else "notice-2018"
            moment = f"{at.replace(' ', 'T')}+01:00"
            self.consents.append(("email", email, "marketing-digital", "email", moment, act, notice, language))
