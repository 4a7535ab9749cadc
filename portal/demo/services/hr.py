"""Window 2: Recursos Humanos."""

from portal.demo.offers import HEAD, SITES, Offer, Step, amount, day, line, number, one, only_for, papers, text, when, yes_no

HR = "recursos-humanos"
BOTH = Step(
    "Recursos Humanos, las dos firmas | Human Resources, both signatures", "role", "all", 1, "catalogue_editor:recursos-humanos"
)

OFFERS = (
    Offer(
        HR,
        "Día de asuntos propios | Personal day",
        "Uno de los cuatro días al año que puedes tomar sin dar motivo. | One of four days a year for which you give no reason.",
        "Personas en plantilla con más de seis meses. | Employees of more than six months.",
        "Mira antes cuántas personas faltan ese día en tu equipo. | Look first how many of your team are away that day.",
        "Vacaciones: se piden en el calendario de tu equipo. | Holidays: use your team's calendar.",
        "brais.castro",
        (
            day("date", "¿Qué día? | Which day?", earliest="today+2"),
            one("part", "¿Todo el día? | The whole day?", "all: Todo el día | The whole day", "morning: La mañana | The morning", "afternoon: La tarde | The afternoon"),
            line("covered_by", "¿Quién cubre tu puesto? | Who covers for you?", needed=False),
        ),
        ("date",),
        "permiso, libre, fiesta, day off, leave",
        steps=(HEAD,),
    ),
    Offer(
        HR,
        "Certificado de empresa o de retenciones | Certificate of employment or tax",
        "Para el banco, un alquiler o la declaración de la renta. | For the bank, a rental or your tax return.",
        "Quien trabaja aquí o dejó de hacerlo hace menos de cinco años. | Whoever works here or left less than five years ago.",
        "Nada. Si lo pide un organismo, su nombre exacto. | Nothing. If an authority asks for it, its exact name.",
        "Certificados de la Seguridad Social: los da su web. | Certificates of the Social Security: get them on its web site.",
        "montserrat.pujol",
        (
            one("kind", "¿Qué certificado? | Which certificate?", "work: De trabajo | Of employment", "tax: De retenciones | Of tax withheld", "salary: De ingresos | Of income"),
            number("year", "¿De qué año? | Of which year?", 2020, 2030, condition=when("kind", "tax")),
            line("addressee", "¿A quién va dirigido? | To whom is it addressed?", needed=False),
            one("language", "Idioma | Language", "es: Castellano | Spanish", "ca: Catalán | Catalan", "eu: Euskera | Basque", "gl: Gallego | Galician", "en: Inglés | English"),
        ),
        ("kind", "year"),
        "vida laboral, IRPF, nómina, tax, certificate",
    ),
    Offer(
        HR,
        "Adaptación del puesto por salud | Workplace adjustment for health",
        "Horario, mobiliario o tareas adaptadas a lo que necesitas. | Hours, furniture or tasks fitted to what you need.",
        "Toda la plantilla; también temporalmente, por embarazo o una lesión."
        " | All employees; also for a time, because of pregnancy or an injury.",
        "Si tienes un informe médico, adjúntalo: solo lo leen dos personas de Recursos Humanos."
        " | If you have a medical report, attach it: only two people of Human Resources read it.",
        "Bajas: se tramitan con tu médico. | Sick leave: your doctor does that.",
        "nuria.campos",
        (
            one("what", "¿Qué habría que adaptar? | What should be adjusted?", "hours: El horario | The hours", "place: El puesto o el mobiliario | The desk or furniture", "tasks: Las tareas | The tasks"),
            text("proposal", "¿Qué propones? | What do you propose?", help="No hace falta que cuentes el motivo. | You need not say why."),
            yes_no("temporary", "¿Es por un tiempo? | Is it for a limited time?"),
            day("until", "¿Hasta cuándo, más o menos? | Until about when?", condition=when("temporary", True)),
            only_for(
                text("health", "Lo que debamos saber de tu salud | What we should know of your health", needed=False,
                     help="Solo lo leen tú y Recursos Humanos: ni tu responsable ni nadie más. | Only you and Human Resources read it: neither your head nor anybody else."),
                "role:agent",
            ),
            only_for(papers("report", "Informe médico | Medical report"), "role:agent"),
        ),
        ("what",),
        "discapacidad, embarazo, lesión, ergonomía, disability, pregnancy",
        confidential=True,
    ),
    Offer(
        HR,
        "Curso o certificación externa | External course or certification",
        "Formación que no damos nosotros, pagada por la empresa. | Training that we do not give, paid by the company.",
        "Personas en plantilla. | Employees.",
        "El programa y el presupuesto del centro. | The programme and the price of the school.",
        "Cursos internos: apúntate en Aprender. | Internal courses: enrol under Learn.",
        "trainer",
        (
            line("course", "Curso | Course"),
            line("school", "¿Quién lo da? | Who gives it?"),
            day("starts", "¿Cuándo empieza? | When does it begin?"),
            number("hours", "Horas | Hours", most=400),
            yes_no("working_time", "¿Es en horario de trabajo? | Is it in working hours?"),
            amount("price", "Precio, IVA incluido | Price including VAT", most="6000"),
            text("use", "¿Para qué te va a servir? | What will you use it for?"),
            papers("offer", "Presupuesto | Quotation"),
        ),
        ("course",),
        "formación, idiomas, training, certificate",
        steps=(HEAD, Step("Formación | Training", "role", names="trainer")),
    ),
    Offer(
        HR,
        "Cambio de turno o de sede | Change of shift or site",
        "Para siempre o por unos meses. | For good or for some months.",
        "Personas de Operaciones, Recepción y Atención al cliente. | People of Operations, Reception and Customer Care.",
        "Si lo cambias con alguien, que también lo pida. | If you swap with somebody, they should ask too.",
        "Cambios de un solo día: habla con tu encargado. | Changes of a single day: talk to your lead.",
        "brais.castro",
        (
            one("what", "¿Qué quieres cambiar? | What do you want to change?", "shift: El turno | The shift", "site: La sede | The site"),
            one("shift", "¿A qué turno? | To which shift?", "morning: Mañana | Morning", "afternoon: Tarde | Afternoon", "night: Noche | Night", condition=when("what", "shift")),
            one("site", "¿A qué sede? | To which site?", *SITES, condition=when("what", "site")),
            day("from_day", "¿Desde cuándo? | From when?", earliest="today+7"),
            line("swap", "¿Lo cambias con alguien? | Do you swap with somebody?", needed=False),
            text("reason", "¿Por qué? | Why?"),
        ),
        ("what", "shift", "site"),
        "horario, traslado, noche, shift, transfer",
        audience=("department:operaciones", "department:recepcion", "department:atencion-al-cliente"),
        steps=(HEAD, BOTH),
    ),
)  # fmt: skip
