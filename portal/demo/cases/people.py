"""What people ask of Recursos Humanos and Recepción."""

from portal.demo.telling import Case

DAY_OFF, CERTIFICATE, HEALTH = (
    "Día de asuntos propios",
    "Certificado de empresa o de retenciones",
    "Adaptación del puesto por salud",
)
COURSE, SHIFT = "Curso o certificación externa", "Cambio de turno o de sede"
VISIT, COURIER, KEYS, ANYTHING = "Anunciar una visita", "Envío por mensajería", "Llaves y tarjetas", "No sé cuál elegir"

CASES = (
    Case(
        DAY_OFF,
        {"date": "+10", "part": "all", "covered_by": "{person}"},
        "Apuntado en el calendario. Te quedan tres este año.",
        refusal="Ese día ya faltan cuatro personas del equipo; elige el anterior o el siguiente.",
        correction=("date", "El 4 es festivo en Zaragoza: elige otro día."),
    ),
    Case(DAY_OFF, {"date": "+23", "part": "afternoon"}, "Apuntado: media jornada.", refusal="Esa tarde cerramos el mes y hacéis falta los tres."),
    Case(
        CERTIFICATE,
        {"kind": "tax", "year": "2025", "addressee": "Agencia Tributaria", "language": "es"},
        "Te lo he dejado en la carpeta personal y aquí adjunto. Lleva firma electrónica.",
        ask="¿Lo necesitas con el desglose de dietas?",
        reply="Sí, por favor, con dietas y kilometraje.",
        again="Las dietas de marzo no salen en el certificado.",
    ),
    Case(CERTIFICATE, {"kind": "work", "addressee": "Caja Rural", "language": "ca"}, "Firmado y enviado a tu correo."),
    Case(CERTIFICATE, {"kind": "salary", "addressee": "Inmobiliaria Ebro", "language": "es"}, "Listo: ingresos de los últimos doce meses.", note="Pide que no ponga la antigüedad."),
    Case(
        HEALTH,
        {"what": "place", "proposal": "Una mesa que se pueda subir y bajar, y trabajar de pie media jornada.", "temporary": "yes", "until": "+120",
         "health": "Hernia discal L4-L5, operada en septiembre; el traumatólogo recomienda alternar posturas."},
        "La mesa llega el jueves. En febrero volvemos a hablar y vemos cómo estás.",
        ask="¿Puedes enviarme la recomendación del médico? Solo la veremos Montserrat y yo.",
        reply="Adjunta. Gracias por llevarlo con discreción.",
        note="Prevención visita el puesto el martes. Sin diagnóstico en el parte.",
        by=("employee", "lorena.pardo", "sara.otero"),
    ),
    Case(
        HEALTH,
        {"what": "hours", "proposal": "Entrar a las 10:00 los martes y jueves.", "temporary": "no", "health": "Rehabilitación dos veces por semana."},
        "Acordado con tu responsable: solo sabe el horario, no el motivo.",
        by=("delegate", "jordi.serra"),
    ),
    Case(
        COURSE,
        {"course": "Atención al cliente en portugués, B1", "school": "Instituto Camões", "starts": "+40", "hours": "60", "working_time": "no", "price": "240",
         "use": "Llevo la cuenta de Oporto desde septiembre y la mitad de las llamadas son en portugués."},
        "Plaza pagada. Empiezas en el grupo de enero; guarda el certificado al terminar.",
        refusal="Este año ya tienes dos cursos; guárdalo para el primer trimestre.",
        correction=("price", "¿Es con IVA? El presupuesto del centro dice 290 €."),
        by=("joana.pires", "employee", "improver"),
    ),
    Case(
        COURSE,
        {"course": "Administración de PostgreSQL", "school": "Universidad de Zaragoza", "starts": "+30", "hours": "25", "working_time": "yes", "price": "690",
         "use": "El SGA pasa a PostgreSQL en primavera."},
        "Matrícula hecha.",
        note="Partida de formación bonificada.",
        by=("leire.goikoetxea", "ainhoa.etxeberria", "marc.ferrer"),
    ),
    Case(
        SHIFT,
        {"what": "shift", "shift": "morning", "from_day": "+30", "swap": "Con {person}", "reason": "Mi hija empieza en la guardería y por la tarde no llego."},
        "Desde el día que pediste estás en el turno de mañana. El cuadrante nuevo está en el tablón.",
        ask="¿Hasta junio o para siempre?",
        reply="Para siempre, si puede ser.",
        refusal="En tu puesto no hay quien cubra la tarde hasta que termine la campaña.",
        by=("lorena.pardo", "jordi.serra", "andres.lozano", "delegate"),
    ),
    Case(
        SHIFT,
        {"what": "site", "site": "bilbao", "from_day": "+45", "reason": "Me mudo a Bilbao en enero."},
        "Hablado con Miren: te esperan en Bilbao.",
        by=("arnau.vila", "adria.puigdomenech"),
    ),
    Case(
        VISIT,
        {"names": "Ana Lucía Prado\nRui Matos", "company": "Lusovendas", "moment": "+3 10:30", "site": "zaragoza", "warehouse": "yes", "shoes": "2", "parking": "yes"},
        "Acreditaciones hechas; les espera Maite en la puerta norte.",
        ask="¿Qué números de zapato necesitan?",
        reply="Un 38 y un 43.",
    ),
    Case(VISIT, {"names": "Inspección de trabajo, dos personas", "company": "Ministerio de Trabajo", "moment": "+1 9:00", "site": "getafe", "warehouse": "no"}, "Han llegado a las 9:05 y están con Josu."),
    Case(
        COURIER,
        {"to": "Notaría Echarri, Pamplona", "address": "Calle Mayor 14, 31001 Pamplona\n948 000 123", "speed": "tomorrow", "what": "papers"},
        "Recogido a las 16:10. Entregado hoy a las 9:40.",
        again="La notaría dice que falta la segunda copia.",
    ),
    Case(COURIER, {"to": "Taller de lectores, Sabadell", "address": "Polígon Can Roqueta, nave 7\n937 000 456", "speed": "normal", "what": "parcel", "kilos": "8"}, "Enviado. Código de seguimiento en el adjunto."),
    Case(KEYS, {"what": "lost", "site": "zaragoza"}, "Anulada la perdida. La nueva está en el mostrador.", note="Segunda este año."),
    Case(KEYS, {"what": "door", "door": "Z-{desk}", "site": "zal"}, "Ya abre. Si ves luz roja, avisa."),
    Case(
        ANYTHING,
        {"what": "¿Quién cambia el cartel de la entrada de camiones?", "details": "Pone un horario de hace dos años y los conductores llaman a la puerta a deshora."},
        "Lo hace Instalaciones: se lo he pasado con tu texto.",
        note="Tiene que quedar claro en la web también.",
    ),
    Case(
        ANYTHING,
        {"what": "Necesito un justificante de que hago guardias", "details": "Me lo piden para la guardería y no sé a quién preguntar."},
        "Es de Recursos Humanos; lo tienes allí desde hoy.",
    ),
)  # fmt: skip
